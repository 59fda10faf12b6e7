import { ValidateBy } from 'class-validator';

/** https anywhere, http only on a loopback address, no fragment, no credentials. */
export function isRedirectUri(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 2_000 || !URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.hash !== '' || value.includes('#') || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** class-validator: each element is an address people may be sent back to. */
export function IsRedirectUri(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isRedirectUri',
      validator: {
        validate: isRedirectUri,
        defaultMessage: () => 'must be an https URL (or http on a loopback address) without a fragment',
      },
    },
    { each: true },
  );
}
