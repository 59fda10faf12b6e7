/** What the demo company is registered under; everything a connection to the simulator needs. */
export const dingtalkDefaults = {
  corpId: 'dingsim0123456789abcdef0123456789',
  clientId: 'dingsimclient0001',
  clientSecret: 'sandbox-dingtalk-secret-0000000000000000000000000000000000000000',
  /** Larger than 32 bits, as the real ones may be. */
  agentId: 4_300_000_017,
  callbackToken: 'simToken01',
  callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  /** The approval the demo company uses for training, and one nobody asked for. */
  processCodes: ['PROC-SIM-TRAINING', 'PROC-SIM-LEAVE'],
} as const;
