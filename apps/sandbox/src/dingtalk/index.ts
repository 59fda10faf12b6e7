export type { ContactRange, DingtalkApp } from './app.js';
export { dingtalkDefaults } from './constants.js';
export { decryptMessage, encryptMessage, seal, signatureOf, unseal, type Sealed } from './crypto.js';
export type { AnnouncementSwitches } from './events/announcer.js';
export type { EventAttempt, EventRecord } from './events/delivery.js';
export type {
  CallbackSetup,
  CallbackTarget,
  SealedCallback,
  VerificationResult,
} from './events/http-callbacks.js';
export { plainEvent, type PlainEvent } from './events/plain-event.js';
export type { ExternalContact } from './external-contacts.js';
export { defaultFacts, type DingtalkFacts } from './facts.js';
export { accountOf, departmentOf, deptIdOf } from './ids.js';
export { defaultLimits, type DingtalkLimits } from './limits.js';
export { DingtalkSimulator, type DingtalkOptions } from './simulator.js';
