/** What the demo company is registered under; everything a connection to the simulator needs. */
export const feishuDefaults = {
  appId: 'cli_a5a4d0b0c0e0f00d',
  appSecret: 'sandbox-feishu-app-secret-000000',
  encryptKey: 'sandbox-encrypt-key-01',
  verificationToken: 'sandbox-verification-token-00001',
  tenantKey: '1a2b3c4d5e6f7a8b',
  /** The training application people can submit. */
  approvalCode: '7C468A54-8745-2245-9675-08B7C63E7A01',
  /** A base with one table for results. */
  appToken: 'bascnSandboxLearning00001',
  tableId: 'tblSandboxResult1',
} as const;
