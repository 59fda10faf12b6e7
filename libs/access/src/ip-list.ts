import { ValidateBy } from 'class-validator';
import ipaddr from 'ipaddr.js';

/** True for an address or a CIDR range, IPv4 or IPv6. */
export function isIpRange(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 64) return false;
  return value.includes('/')
    ? ipaddr.isValidCIDR(value)
    : ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value);
}

/** Whether an address lies in one of the ranges; an IPv4 address in IPv6 clothes is the IPv4 address. */
export function isIpInRanges(ip: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  return ranges.some((range) => {
    if (!isIpRange(range)) return false;
    const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), null];
    const plain = ipaddr.process(network.toString());
    if (plain.kind() !== address.kind()) return false;
    const full = address.kind() === 'ipv4' ? 32 : 128;
    const mapped = plain.kind() !== network.kind();
    return address.match(plain, bits === null ? full : mapped ? Math.max(0, bits - 96) : bits);
  });
}

/** class-validator: each element is an address or a CIDR range. */
export function IsIpRange(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isIpRange',
      validator: {
        validate: isIpRange,
        defaultMessage: () => 'must be an IP address or a CIDR range such as 10.0.0.0/8',
      },
    },
    { each: true },
  );
}
