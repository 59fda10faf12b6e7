export type { Activity, ActivityLog } from './activity-log.js';
export type { CallCounter, EndpointCalls } from './call-counter.js';
export {
  Company, CompanyError, CompanyMutations, Person, rootDepartmentId, type ChangeOrigin, type CompanyChange,
  type CompanySize, type Department, type Hire, type Membership, type PersonDetails, type PersonEdit, type PersonStatus,
} from './company/index.js'; // prettier-ignore
export type { MutationCommand, MutationResult } from './control/mutation-command.js';
export {
  accountOf as dingtalkAccountOf, decryptMessage as dingtalkDecrypt, departmentOf as dingtalkDepartmentOf, deptIdOf as dingtalkDeptIdOf,
  dingtalkDefaults, encryptMessage as dingtalkEncrypt, plainEvent as dingtalkEvent, seal as dingtalkSeal,
  signatureOf as dingtalkSign, unseal as dingtalkUnseal, type DingtalkApp, type DingtalkFacts, type DingtalkLimits,
  type DingtalkOptions, type DingtalkSimulator, type EventRecord,
} from './dingtalk/index.js'; // prettier-ignore
export {
  decodeFrame as feishuDecodeFrame, decrypt as feishuDecrypt, encodeFrame as feishuEncodeFrame, encrypt as feishuEncrypt,
  feishuDefaults, sign as feishuSign, type FeishuApp, type FeishuFacts, type FeishuOptions, type FeishuSimulator,
} from './feishu/index.js'; // prettier-ignore
export {
  faultKinds,
  type ActiveFault,
  type Fault,
  type FaultBoard,
  type FaultKind,
  type FaultSpec,
} from './faults/faults.js';
export {
  WebhookVerifier,
  type Lms,
  type LmsBehavior,
  type LmsCounts,
  type ReceivedWebhook,
} from './lms/index.js';
export type { WecomConnection } from './parts.js';
export { PersonBrowser, type Arrival } from './person-browser.js';
export type { PlatformSimulator, SimulatedTodo } from './platform.js';
export { startSandbox, type Sandbox, type SandboxOptions } from './start-sandbox.js';
export {
  decrypt as wecomDecrypt, encrypt as wecomEncrypt, sign as wecomSign, wecomDefaults, type CallbackAttempt,
  type CallbackRecord, type CallbackSetup, type CallbackTarget, type ContactsSync, type DeliverySwitches, type EventForm,
  type SealedCallback, type SentMessage, type VerificationResult, type VisibleRange, type WecomApp, type WecomFacts,
  type WecomLimits, type WecomOptions, type WecomSimulator,
} from './wecom/index.js'; // prettier-ignore
