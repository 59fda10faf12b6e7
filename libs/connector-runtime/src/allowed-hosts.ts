import { ConnectorError, type Connector, type JsonObject } from '@trainbridge/connector-kit';

const HTTP_OF: Record<string, string> = {
  'https:': 'https:',
  'http:': 'http:',
  'wss:': 'https:',
  'ws:': 'http:',
};

/**
 * The URL, when the connector may call it: https on a host its manifest names, or exactly an origin its configuration
 * holds. Anything else is a mistake of the connector (`internal`), and the call is not made.
 */
export function requireAllowedUrl(connector: Connector, config: JsonObject, input: string): URL {
  const url = readUrl(connector, input, ['https:', 'http:']);
  if (!isNamed(connector, config, url)) throw notAllowed(connector, url);
  return url;
}

/**
 * The same for a web socket, by the rules of the origin under it (wss as https, ws as http). Beyond that, a manifest with
 * `webSocketsNamedBy` may open what the platform itself named, on whatever host: no secret of the connection goes there,
 * only what the platform gave with the address, and the address policy judges what is really dialled. Unencrypted only
 * where the platform's API is unencrypted as well.
 */
export function requireAllowedWebSocketUrl(connector: Connector, config: JsonObject, input: string): URL {
  const url = readUrl(connector, input, ['wss:', 'ws:']);
  if (!isNamed(connector, config, url) && !isNamedByPlatform(connector, config, url)) {
    throw notAllowed(connector, url);
  }
  return url;
}

function readUrl({ manifest: { id } }: Connector, input: string, schemes: readonly string[]): URL {
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    throw new ConnectorError(
      'internal',
      `Connector "${id}" tried to call something that is not an absolute URL.`,
    );
  }
  if (!schemes.includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ConnectorError(
      'internal',
      `Connector "${id}" tried to call ${url.protocol}//${url.host} in a form that is not allowed.`,
    );
  }
  return url;
}

function isNamed({ manifest }: Connector, config: JsonObject, url: URL): boolean {
  const scheme = HTTP_OF[url.protocol];
  return manifest.allowedHosts.some((entry) => {
    if (typeof entry === 'string') return scheme === 'https:' && url.host === entry;
    return urlOf(config[entry.fromConfig])?.origin === `${scheme}//${url.host}`;
  });
}

function isNamedByPlatform({ manifest }: Connector, config: JsonObject, url: URL): boolean {
  const api = manifest.webSocketsNamedBy && urlOf(config[manifest.webSocketsNamedBy.fromConfig]);
  return Boolean(api) && (url.protocol === 'wss:' || api?.protocol === 'http:');
}

function urlOf(value: unknown): URL | null {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
}

function notAllowed({ manifest }: Connector, url: URL): ConnectorError {
  const known = manifest.allowedHosts.map((entry) =>
    typeof entry === 'string' ? entry : `config.${entry.fromConfig}`,
  );
  const origin = `${HTTP_OF[url.protocol]}//${url.host}`;
  return new ConnectorError(
    'internal',
    `Connector "${manifest.id}" may not call ${origin}: its manifest allows ${known.join(', ') || 'no host'}.`,
  );
}
