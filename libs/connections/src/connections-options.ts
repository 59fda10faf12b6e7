/** What the host decides about connections. Injectable by this class. */
export class ConnectionsOptions {
  /** Without a slash at the end; null: the host cannot be reached from outside, callback URLs are null. */
  publicUrl: string | null;
  /** 32 bytes: encrypts the data keys of stored secrets. */
  secretKey: Buffer;
  /** Package names, in the order that decides who keeps a contested id. */
  connectors: readonly string[];
  /** Private ranges outbound calls may reach, as CIDR. */
  allowedNetworks: readonly string[];
  /** For connections without a `proxyUrl` of their own. */
  outboundProxy: string | null;
}
