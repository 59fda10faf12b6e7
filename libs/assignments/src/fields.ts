import { Matches, ValidateBy, ValidateIf } from 'class-validator';

/** class-validator: leaving it out is fine, null is not. */
export const IfPresent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** class-validator: an id of ours, as paths and queries take it. */
export const IsId = (): PropertyDecorator => Matches(/^[\w-]{1,64}$/, { message: 'is not an id' });

export const LONGEST_ADDRESS = 2_048;

/** An address people are sent to: what a browser opens, and nothing else that a URL may be. */
export function isWebAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_ADDRESS || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** class-validator: see `isWebAddress`. */
export function IsWebAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isWebAddress',
    validator: {
      validate: isWebAddress,
      defaultMessage: () => 'must be an http or https address without credentials',
    },
  });
}
