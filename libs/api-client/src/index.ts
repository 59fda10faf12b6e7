export { TokenError, type ClientCredentials } from './access-token.js';
export { createClient, type ClientOptions, type TrainbridgeClient } from './client.js';
export type { components, operations, paths, webhooks } from './schema.js';
export {
  verifyWebhook,
  WebhookVerificationError,
  type VerifyWebhookInput,
  type WebhookMessage,
} from './webhook.js';
