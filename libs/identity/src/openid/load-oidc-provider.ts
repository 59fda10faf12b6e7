/** The part of the module that is used. */
export type OidcProviderModule = typeof import('oidc-provider');

const NOISE = 'Unsupported runtime';

/**
 * Loads `oidc-provider` without the line it prints on Node 20, which this host supports and tests it with. Everything
 * else anybody prints meanwhile passes.
 */
export async function loadOidcProvider(): Promise<OidcProviderModule> {
  provideUrlParse();
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

/** The module uses `URL.parse`, which the first releases of Node 20 that we support do not have. */
function provideUrlParse(): void {
  const url = URL as { parse?: (input: string, base?: string) => URL | null };
  url.parse ??= (input, base) => (URL.canParse(input, base) ? new URL(input, base) : null);
}
