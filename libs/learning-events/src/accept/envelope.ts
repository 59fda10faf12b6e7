import { invalid } from '@trainbridge/http-api';
import { MOST_EVENTS } from '../learning-event.dto.js';

/**
 * The events of a request body: itself, or those of `{events: […]}`. What is inside them is not looked at.
 * @throws {ProblemError} 400 naming the path for anything else.
 */
export function eventsOf(body: unknown): { events: unknown[]; isBatch: boolean } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid([{ path: '', message: NOT_AN_EVENT }]);
  if (!Object.hasOwn(body, 'events')) return { events: [body], isBatch: false };
  const { events, ...others } = body as { events: unknown };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalid([{ path: `/${unknown.replace(/~/g, '~0').replace(/\//g, '~1')}`, message: UNKNOWN }]);
  }
  if (!Array.isArray(events)) throw invalid([{ path: '/events', message: NOT_A_LIST }]);
  if (events.length === 0 || events.length > MOST_EVENTS)
    throw invalid([{ path: '/events', message: WRONG_NUMBER }]);
  return { events: events as unknown[], isBatch: true };
}

const NOT_AN_EVENT = {
  en: 'must be one event or {"events": […]}',
  'zh-CN': '必须是单个事件或 {"events": […]}',
};
const UNKNOWN = { en: 'is not a known field', 'zh-CN': '未知字段' };
const NOT_A_LIST = { en: 'must be an array', 'zh-CN': '必须是数组' };
const WRONG_NUMBER = {
  en: `must hold 1 to ${MOST_EVENTS} events`,
  'zh-CN': `必须包含 1 到 ${MOST_EVENTS} 个事件`,
};
