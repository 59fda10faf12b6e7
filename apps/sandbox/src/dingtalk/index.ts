export { DingtalkSimulator, type DingtalkOptions } from './simulator.js';
