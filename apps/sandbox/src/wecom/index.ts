export type {
  CallbackAttempt, CallbackRecord, CallbackTarget, DeliverySwitches, SealedCallback, VerificationResult,
} from './callback.js'; // prettier-ignore
export { wecomDefaults } from './constants.js';
export type { EventForm } from './contact-events.js';
export type { ContactsSync, VisibleRange, WecomApp } from './credentials.js';
export { aesKeyBytes, decrypt, encrypt, isSignature, sign } from './crypto.js';
export { defaultFacts, type WecomFacts } from './facts.js';
export { defaultLimits, type WecomLimits } from './limits.js';
export { WecomSimulator, type CallbackSetup, type WecomOptions } from './simulator.js';
export type { SentMessage } from './world.js';
