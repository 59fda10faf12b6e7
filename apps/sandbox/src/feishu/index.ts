export type { FeishuApp } from './app.js';
export { feishuDefaults } from './constants.js';
export { decrypt, encrypt, sign } from './crypto.js';
export { decodeFrame, encodeFrame } from './events/frame.js';
export type { FeishuFacts } from './facts.js';
export { FeishuSimulator, type FeishuOptions } from './simulator.js';
