/** What the demo company is registered under; everything a connection to the simulator needs. */
export const wecomDefaults = {
  corpId: 'wwsim0123456789ab',
  agentId: 1000002,
  agentSecret: 'sandbox-agent-secret-0000000000000000000000',
  contactsSecret: 'sandbox-contacts-secret-00000000000000000000',
  /** Contacts sync. */
  callbackToken: 'simToken01',
  callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  /** The app's own callback: another pair, though both go to one URL. */
  appCallbackToken: 'simAppToken02',
  appCallbackAesKey: 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvuA',
  /** Template of the approval that exists from the beginning. */
  approvalTemplateId: 'SimTemplateTraining0001',
} as const;
