import { createHash } from 'node:crypto';
import {
  compileValidator,
  problemCatalogue,
  localize,
  type Language,
  type ProblemCode,
} from '@trainbridge/http-api';
import { LearningEventDto, type LearnerDto } from '../learning-event.dto.js';
import { canonicalJson, isStorable } from './canonical-json.js';

/** An event of a webhook should stay small; this is far above what a learning system has to say. */
const LARGEST_EVENT = 64 * 1024;

const validate = compileValidator(LearningEventDto);

export interface CheckedEvent {
  event: LearningEventDto;
  /** Of its content, whatever order its keys came in; hex. */
  contentHash: string;
  /** The learner as sent, in one spelling. */
  learnerKey: string;
}

export interface EventProblem {
  code: ProblemCode;
  detail: string;
  errors: { path: string; message: string }[];
}

/** One item of a batch: fit to be kept, or what is wrong with it. Never throws. */
export function checkEvent(item: unknown, language: Language): CheckedEvent | EventProblem {
  const problems = validate(item, language);
  if (problems.length > 0) return invalidEvent(problems);
  const event = item as LearningEventDto;
  if (!isOneLearner(event.learner)) {
    return invalidEvent([{ path: '/learner', message: localize(ONE_LEARNER, language) }]);
  }
  const content = canonicalJson(event);
  if (content === null) return invalidEvent([{ path: '', message: localize(TOO_DEEP, language) }]);
  if (content.length > LARGEST_EVENT) {
    return { code: 'body_too_large', detail: localize(TOO_LARGE, language), errors: [] };
  }
  if (!isStorable(content)) return invalidEvent([{ path: '', message: localize(NOT_STORABLE, language) }]);
  return {
    event,
    contentHash: createHash('sha256').update(content).digest('hex'),
    learnerKey: canonicalJson(event.learner)!,
  };
}

export function conflict(language: Language): EventProblem {
  return { code: 'id_conflict', detail: localize(problemCatalogue.id_conflict.advice, language), errors: [] };
}

export function foreignConnection(language: Language): EventProblem {
  return { code: 'forbidden', detail: localize(FOREIGN_CONNECTION, language), errors: [] };
}

function invalidEvent(errors: { path: string; message: string }[]): EventProblem {
  const detail = errors.slice(0, 10).map(({ path, message }) => `${path} ${message}`.trim());
  return { code: 'invalid_request', detail: detail.join('; '), errors };
}

function isOneLearner({ userId, customerId, connectionId, externalId, employeeNumber }: LearnerDto): boolean {
  const named = [userId, customerId, externalId, employeeNumber].filter(
    (value) => value !== undefined,
  ).length;
  if (named !== 1) return false;
  if (externalId !== undefined) return connectionId !== undefined;
  return connectionId === undefined || employeeNumber !== undefined;
}

const ONE_LEARNER = {
  en: 'must be exactly one of {userId}, {customerId}, {connectionId, externalId}, {employeeNumber}',
  'zh-CN': '必须且只能是 {userId}、{customerId}、{connectionId, externalId}、{employeeNumber} 之一',
};
const TOO_DEEP = { en: 'is nested too deeply', 'zh-CN': '嵌套过深' };
const TOO_LARGE = { en: 'One event may have at most 64 KiB.', 'zh-CN': '单个事件不能超过 64 KiB。' };
const NOT_STORABLE = {
  en: 'holds a character that cannot be stored (NUL or half a surrogate pair)',
  'zh-CN': '包含无法存储的字符（NUL 或不完整的代理对）',
};
const FOREIGN_CONNECTION = {
  en: 'The learner is named by a connection that this client may not use.',
  'zh-CN': '学员所属的连接不在此客户端的允许范围内。',
};
