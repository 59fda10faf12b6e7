export { FeishuSimulator, type FeishuOptions } from './simulator.js';
