import { ConnectorError, type Connector, type JsonObject } from '@trainbridge/connector-kit';

const HTTP_OF: Record<string, string> = {
  'https:': 'https:',
  'http:': 'http:',
  'wss:': 'https:',
  'ws:': 'http:',
};

/**
 * The URL, when the connector may call it: https (or wss) on a host its manifest names, or exactly an origin its
 * configuration holds. Anything else is a mistake of the connector (`internal`), and the call is not made.
 */
export function requireAllowedUrl(connector: Connector, config: JsonObject, input: string): URL {
  const { id, allowedHosts } = connector.manifest;
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    throw new ConnectorError(
      'internal',
      `Connector "${id}" tried to call something that is not an absolute URL.`,
    );
  }
  const scheme = HTTP_OF[url.protocol];
  if (scheme === undefined || url.username !== '' || url.password !== '') {
    throw new ConnectorError(
      'internal',
      `Connector "${id}" tried to call ${url.protocol}//${url.host} in a form that is not allowed.`,
    );
  }
  const origin = `${scheme}//${url.host}`;
  const allowed = allowedHosts.some((entry) => {
    if (typeof entry === 'string') return scheme === 'https:' && url.host === entry;
    return originOf(config[entry.fromConfig]) === origin;
  });
  if (!allowed) {
    const known = allowedHosts.map((entry) =>
      typeof entry === 'string' ? entry : `config.${entry.fromConfig}`,
    );
    throw new ConnectorError(
      'internal',
      `Connector "${id}" may not call ${origin}: its manifest allows ${known.join(', ') || 'no host'}.`,
    );
  }
  return url;
}

function originOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    return new URL(value).origin;
  } catch {
    return null;
  }
}
