/**
 * A phone number as E.164, or null when it cannot be one. Platforms write the same mobile as `13900001111`,
 * `+86 139-0000-1111`, `8613900001111` or `0086…`; a number without a country code belongs to `countryCode`.
 */
export function toE164(input: string | null | undefined, countryCode = '86'): string | null {
  if (!input) return null;
  const trimmed = input.trim();
  const digits = trimmed.replace(/[\s()\-.]/g, '');
  const international = digits.startsWith('+')
    ? digits.slice(1)
    : digits.startsWith('00')
      ? digits.slice(2)
      : null;
  if (international !== null) return /^[1-9]\d{6,14}$/.test(international) ? `+${international}` : null;
  if (!/^\d{5,14}$/.test(digits)) return null;
  if (countryCode === '86' && /^86(1\d{10})$/.test(digits)) return `+${digits}`;
  return `+${countryCode}${digits.replace(/^0+/, '')}`;
}
