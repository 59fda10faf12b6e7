import { SecretBox, type Envelope } from '@trainbridge/connections';
import type { JsonObject } from '@trainbridge/connector-kit';
import type { LaneSecret } from '../engine/lane-settings.js';
import { newSigningSecret, signingKey } from '../webhook/signing-secret.js';

/** What a subscription keeps encrypted. The first signing secret is the current one. */
export interface SubscriptionSecrets {
  signing: { secret: string; expiresAt: string | null }[];
  headers: Record<string, string>;
}

const TABLE = 'subscriptions';

export function sealSecrets(box: SecretBox, subscriptionId: string, secrets: SubscriptionSecrets): Envelope {
  return box.seal(TABLE, subscriptionId, secrets as unknown as JsonObject);
}

/** @throws {SecretUnreadableError} */
export function openSecrets(box: SecretBox, subscriptionId: string, envelope: Envelope): SubscriptionSecrets {
  return box.open(TABLE, subscriptionId, envelope) as unknown as SubscriptionSecrets;
}

/** A new current secret; the one before lives on until `previousExpiresAt`, any older one ends now. */
export function rotated(secrets: SubscriptionSecrets, previousExpiresAt: Date): SubscriptionSecrets {
  const [current] = secrets.signing;
  const previous = current ? [{ secret: current.secret, expiresAt: previousExpiresAt.toISOString() }] : [];
  return { ...secrets, signing: [{ secret: newSigningSecret(), expiresAt: null }, ...previous] };
}

export function laneSecrets(secrets: SubscriptionSecrets): LaneSecret[] {
  return secrets.signing.map(({ secret, expiresAt }) => ({
    key: signingKey(secret),
    expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
  }));
}
