import { ConnectorError } from '@trainbridge/connector-kit';
import { AddressRefusedError } from './address-policy.js';

/** The call ended because the host no longer wants it, not because of the platform. */
export function cancelled(): ConnectorError {
  return new ConnectorError('unavailable', 'The call was cancelled by the host.');
}

const TRUST_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);

/**
 * What a failed attempt means, in words that name the host and the thing to check. Everything the network does to us is
 * `unavailable`; an address the deployer forbids is `config_invalid`; an answer that is not HTTP is `bad_response`.
 */
export function describeNetworkError(error: unknown, url: URL, proxy: string | null): ConnectorError {
  const refused = find(error, (cause) => cause instanceof AddressRefusedError);
  if (refused instanceof AddressRefusedError) return new ConnectorError('config_invalid', refused.message);

  const code = codeOf(error);
  const text = messageOf(error);
  const via = proxy === null ? '' : ` through the proxy ${proxy}`;
  const where = `${url.host}${via}`;
  const unavailable = (message: string): ConnectorError => new ConnectorError('unavailable', message);

  if (/proxy response|http tunneling/i.test(text) || code === 'UND_ERR_PRX_TLS') {
    return unavailable(
      `The proxy ${proxy ?? ''} did not open a way to ${url.host} (${text}). Check the proxy and its credentials.`,
    );
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return unavailable(
        `The name ${proxy === null ? url.hostname : where} cannot be resolved (${code}). Check the address and this server's DNS.`,
      );
    case 'ECONNREFUSED':
      return unavailable(
        `${where} refuses connections. Check the address and port, and that the service runs.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unavailable(
        `${where} cannot be reached from this server (${code}). Check routes and the firewall.`,
      );
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return unavailable(
        `${where} did not accept a connection in time. Check the firewall and the outbound proxy.`,
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return unavailable(`${where} did not answer in time.`);
    case 'CERT_HAS_EXPIRED':
      return unavailable(
        `The TLS certificate of ${where} has expired. Renew it there, and check this server's clock.`,
      );
    case 'CERT_NOT_YET_VALID':
      return unavailable(`The TLS certificate of ${where} is not valid yet. Check this server's clock.`);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return unavailable(
        `The TLS certificate of ${where} was issued for another name. Check the address, and whether something intercepts TLS.`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return unavailable(`${where} closed the connection before the answer was complete.`);
  }
  if (TRUST_CODES.has(code)) {
    return unavailable(
      `The TLS certificate of ${where} is not trusted here (${code}). Add its authority with NODE_EXTRA_CA_CERTS.`,
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return unavailable(
      `${where} and this server found no common way to speak TLS (${code}). Check that the address uses the right scheme.`,
    );
  }
  if (
    code.startsWith('HPE_') ||
    (error instanceof Error && error.name === 'HTTPParserError') ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    code === 'UND_ERR_HEADERS_OVERFLOW'
  ) {
    return new ConnectorError('bad_response', `${where} answered something that is not proper HTTP.`);
  }
  return unavailable(`The call to ${where} failed${code ? ` (${code})` : ''}.`);
}

/** Node wraps: AggregateError around one error per address, undici errors around socket errors. */
function find(error: unknown, test: (error: unknown) => boolean, depth = 0): unknown {
  if (depth > 5 || typeof error !== 'object' || error === null) return undefined;
  if (test(error)) return error;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  for (const inner of [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
    const found = find(inner, test, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function codeOf(error: unknown): string {
  const coded = find(error, (cause) => typeof (cause as { code?: unknown }).code === 'string') as
    { code?: string } | undefined;
  return coded?.code ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
