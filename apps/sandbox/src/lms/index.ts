export { Lms, type LmsBehavior, type LmsCounts, type ReceivedWebhook } from './lms.js';
export { WebhookVerifier, type SignatureProblem, type WebhookHeaders } from './signature.js';
