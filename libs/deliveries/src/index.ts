export { DeliveriesModule } from './deliveries.module.js';
export { DeliveriesOptions } from './deliveries-options.js';
export { newSigningSecret, signingKey, webhookSignature } from './webhook/signing-secret.js';
