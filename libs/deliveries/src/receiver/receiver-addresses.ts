import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { AddressPolicy } from '@trainbridge/connector-runtime';
import ipaddr from 'ipaddr.js';
import { type buildConnector } from 'undici';

export interface ReceiverAddressOptions {
  /** CIDR ranges beyond the public internet that receivers may live in. */
  allowedNetworks: readonly string[];
  /** In production a URL must be https, unless its host lies in an allowed network. */
  production: boolean;
  /** Name resolution; the system's by default. */
  lookup?: LookupFunction;
}

/** What is wrong with a receiver's URL, in words for the one who typed it. */
export interface UrlRefusal {
  en: string;
  'zh-CN': string;
}

/** Only what the deployer listed: the rule for plain http in production. */
class ListedAddresses extends AddressPolicy {
  constructor(
    options: ReceiverAddressOptions,
    private readonly listed: (address: string) => boolean,
  ) {
    super({ ...(options.lookup ? { lookup: options.lookup } : {}) });
  }

  override isAllowed(address: string): boolean {
    return this.listed(address);
  }
}

/**
 * Where webhooks may go. `refusal` judges what somebody typed, for a clear answer at once; what protects is
 * `connectOption`, which judges the address really dialled, every time a connection is opened.
 */
export class ReceiverAddresses {
  private readonly networks: [ipaddr.IPv4 | ipaddr.IPv6, number][];
  private readonly anywhere: AddressPolicy;
  private readonly listedOnly: AddressPolicy;

  /** @throws an Error naming the range when a CIDR cannot be read. */
  constructor(private readonly options: ReceiverAddressOptions) {
    const { allowedNetworks, lookup } = options;
    this.anywhere = new AddressPolicy({ allowedNetworks, ...(lookup ? { lookup } : {}) });
    this.listedOnly = new ListedAddresses(options, (address) => this.isListed(address));
    this.networks = options.allowedNetworks.map((cidr) => ipaddr.parseCIDR(cidr.trim()));
  }

  /** Null when webhooks may be sent there as far as can be told now; a name that does not resolve yet is not refused. */
  async refusal(text: string): Promise<UrlRefusal | null> {
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      return { en: 'is not a URL', 'zh-CN': '不是有效的 URL' };
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      return { en: 'must begin with https:// or http://', 'zh-CN': '必须以 https:// 或 http:// 开头' };
    }
    if (url.username !== '' || url.password !== '') {
      return {
        en: 'must not carry credentials; use `headers`',
        'zh-CN': '不能包含用户名或密码，请使用 `headers`',
      };
    }
    const policy = this.policyFor(url);
    const addresses = await this.addressesOf(url);
    if (addresses.length === 0 || addresses.some((address) => policy.isAllowed(address))) return null;
    if (policy === this.listedOnly && addresses.some((address) => this.anywhere.isAllowed(address))) {
      return { en: 'must begin with https://', 'zh-CN': '必须以 https:// 开头' };
    }
    return {
      en: 'leads to a private or reserved address; only networks in TRAINBRIDGE_ALLOWED_NETWORKS may be reached',
      'zh-CN': '指向内网或保留地址；只有 TRAINBRIDGE_ALLOWED_NETWORKS 中列出的网段才允许访问',
    };
  }

  /** The `connect` of an undici Pool for this URL. */
  connector(url: URL, options: buildConnector.BuildOptions = {}): buildConnector.connector {
    return this.policyFor(url).connector(options);
  }

  private policyFor(url: URL): AddressPolicy {
    return this.options.production && url.protocol === 'http:' ? this.listedOnly : this.anywhere;
  }

  private async addressesOf(url: URL): Promise<string[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) return [host];
    try {
      return (await systemLookup(host, { all: true })).map(({ address }) => address);
    } catch {
      return [];
    }
  }

  private isListed(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.networks.some(
      ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits),
    );
  }
}
