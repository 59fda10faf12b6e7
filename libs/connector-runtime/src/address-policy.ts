import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** Thrown at dial time when an address is not public and the deployer did not allow its range. */
export class AddressRefusedError extends Error {
  readonly code = 'ADDRESS_REFUSED';
  constructor(
    readonly hostname: string,
    readonly addresses: readonly string[],
  ) {
    const shown = addresses.join(', ');
    super(
      `${hostname === shown ? shown : `${hostname} leads to ${shown}, which`} is not a public address. ` +
        'Private ranges are reached only when TRAINBRIDGE_ALLOWED_NETWORKS lists them.',
    );
    this.name = 'AddressRefusedError';
  }
}

export interface AddressPolicyOptions {
  /** CIDR ranges beyond the public internet that may be reached, such as `10.0.0.0/8` or `127.0.0.0/8`. */
  allowedNetworks?: readonly string[];
  /** Name resolution; the system's by default. */
  lookup?: LookupFunction;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Which addresses outbound calls may reach. Decided on the address really dialled, after name resolution and once per
 * connection, so neither an odd spelling of an address nor a name that changes its mind gets around it.
 */
export class AddressPolicy {
  readonly #networks: [Address, number][];
  readonly #resolve: LookupFunction;

  /** Throws a plain Error that names the range when a CIDR cannot be read. */
  constructor(options: AddressPolicyOptions = {}) {
    this.#networks = (options.allowedNetworks ?? []).map((cidr) => {
      try {
        return ipaddr.parseCIDR(cidr.trim());
      } catch {
        throw new Error(`"${cidr}" is not a network in CIDR form, such as 10.0.0.0/8`);
      }
    });
    this.#resolve = options.lookup ?? systemLookup;
  }

  isAllowed(address: string): boolean {
    const parsed = readAddress(address);
    if (parsed === null) return false;
    return isPublic(parsed) || this.#networks.some((network) => inNetwork(parsed, network));
  }

  /** For `host` parts that already are an address: no name resolution will happen, so nobody else would look. */
  refusesLiteral(hostname: string): boolean {
    const bare = hostname.replace(/^\[|\]$/g, '');
    return isIP(bare) !== 0 && !this.isAllowed(bare);
  }

  /** A drop-in for `net.connect({ lookup })` that only ever hands out allowed addresses. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      const allowed = addresses.filter(({ address }) => this.isAllowed(address));
      const first = allowed[0];
      if (!first)
        return callback(
          new AddressRefusedError(
            hostname,
            addresses.map(({ address }) => address),
          ),
          '',
          0,
        );
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };

  /** The `connect` option of an undici Agent or Pool under this policy. */
  connector(options: buildConnector.BuildOptions = {}): buildConnector.connector {
    const connect = buildConnector({
      timeout: 5_000,
      ...options,
      lookup: this.lookup,
    });
    return (target, callback) => {
      if (this.refusesLiteral(target.hostname)) {
        return callback(new AddressRefusedError(target.hostname, [target.hostname]), null);
      }
      return connect(target, callback);
    };
  }
}

function readAddress(address: string): Address | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  // NAT64 carries an IPv4 address in its last four bytes; what counts is where that leads.
  if (parsed.range() === 'rfc6052') return new ipaddr.IPv4(parsed.toByteArray().slice(-4));
  return parsed;
}

/** All of IPv6 that is handed out to the public. Outside stand reserved blocks and old disguises such as `::10.0.0.1`. */
const PUBLIC_V6 = ipaddr.parseCIDR('2000::/3');

function isPublic(address: Address): boolean {
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || inNetwork(address, PUBLIC_V6));
}

function inNetwork(address: Address, [network, bits]: [Address, number]): boolean {
  if (address.kind() !== network.kind()) return false;
  return address.match(network, bits);
}
