export type {
  CallbackAttempt, CallbackRecord, CallbackTarget, DeliverySwitches, SealedCallback, VerificationResult,
} from './callback.js'; // prettier-ignore
export { wecomDefaults } from './constants.js';
export type { EventForm } from './contact-events.js';
export type { ContactsSync, VisibleRange, WecomApp } from './credentials.js';
export { aesKeyBytes, decrypt, encrypt, isSignature, sign } from './crypto.js';
export { defaultFacts, type WecomFacts } from './facts.js';
export { defaultLimits, type WecomLimits } from './limits.js';
export type { Approval, ApprovalStatus } from './approvals/approvals.js';
export type { ApprovalTemplate } from './approvals/templates.js';
export type { Customer, NewCustomer, Relation } from './customers/customers.js';
export type { SentMessage } from './messages/mailbox.js';
export type { CallbackSetup, WecomOptions } from './options.js';
export { WecomSimulator } from './simulator.js';
