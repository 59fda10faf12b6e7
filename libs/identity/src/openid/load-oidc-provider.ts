/** The part of the module that is used. */
export type OidcProviderModule = typeof import('oidc-provider');

const NOISE = 'Unsupported runtime';

/**
 * Loads `oidc-provider` without the line it prints on Node 20, which this host supports and tests it with. Everything
 * else anybody prints meanwhile passes.
 */
export async function loadOidcProvider(): Promise<OidcProviderModule> {
  const { warn } = console;
  console.warn = (...said: unknown[]) => {
    if (!String(said[0]).includes(NOISE)) warn(...said);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
