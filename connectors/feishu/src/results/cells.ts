import { isJsonObject, type JsonObject, type JsonValue, type ResultItem } from '@trainbridge/connector-kit';

/** What a row tells. */
export type Part = 'learner' | 'course' | 'result' | 'score' | 'time';
export type Locale = 'zh-CN' | 'en';

/** A result as a row: `learner` is what a column of text shows of the person. */
export interface RowSource {
  item: ResultItem;
  learner: string;
}

/** Kinds of columns that take a value (bitable-v1/app-table-field); those computed by the table take none. */
const TEXT = 1;
const NUMBER = 2;
const ONE_CHOICE = 3;
const CHOICES = 4;
const DATE = 5;
const CHECKBOX = 7;
export const PERSON = 11;
const LINK = 15;

export const usualKinds: Readonly<Record<Part, number>> = {
  learner: PERSON,
  course: TEXT,
  result: TEXT,
  score: NUMBER,
  time: DATE,
};

/** The value of one cell in the form its column takes; null leaves it empty. */
export function toCell(part: Part, type: number, source: RowSource, locale: Locale): JsonValue {
  const { item } = source;
  if (type === PERSON) return part === 'learner' ? [{ id: item.recipient.externalId }] : null;
  const value = valueOf(part, source, locale);
  if (value === null) return null;
  switch (type) {
    case TEXT:
    case ONE_CHOICE:
      return part === 'time' ? new Date(Number(value)).toISOString() : String(value);
    case CHOICES:
      return [String(value)];
    case NUMBER:
      return typeof value === 'number' ? value : null;
    case DATE:
      return part === 'time' ? value : null;
    case CHECKBOX:
      return part === 'result' ? succeeded(item.event) : null;
    case LINK:
      return linkOf(String(value), item.event);
    default:
      return null;
  }
}

function valueOf(
  part: Part,
  { item: { event }, learner }: RowSource,
  locale: Locale,
): string | number | null {
  switch (part) {
    case 'learner':
      return learner;
    case 'course':
      return titleOf(event.course) ?? titleOf(event.exam);
    case 'result':
      return outcomeWord(event, locale);
    case 'score':
      return scoreOf(event);
    case 'time': {
      const time = typeof event.occurredAt === 'string' ? Date.parse(event.occurredAt) : Number.NaN;
      return Number.isNaN(time) ? null : time;
    }
  }
}

function titleOf(thing: JsonValue | undefined): string | null {
  if (!isJsonObject(thing)) return null;
  const told = [thing.title, thing.code, thing.id].find((text) => typeof text === 'string' && text !== '');
  return typeof told === 'string' ? told : null;
}

/** The raw score as people know it; a scaled one (0 to 1) where nothing else is told. */
function scoreOf(event: JsonObject): number | null {
  const score = isJsonObject(event.result) ? event.result.score : undefined;
  if (!isJsonObject(score)) return null;
  const told = [score.raw, score.scaled].find((number) => typeof number === 'number');
  return typeof told === 'number' ? told : null;
}

/** In one word, so that a table can be filtered by it. */
function outcomeWord(event: JsonObject, locale: Locale): string | null {
  const word = words[kindOf(event)];
  return word ? word[locale] : typeof event.type === 'string' ? event.type : null;
}

const words: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  passed: { en: 'Passed', 'zh-CN': '通过' },
  failed: { en: 'Failed', 'zh-CN': '未通过' },
  completed: { en: 'Completed', 'zh-CN': '已完成' },
  issued: { en: 'Certificate issued', 'zh-CN': '已发证书' },
  revoked: { en: 'Certificate revoked', 'zh-CN': '证书已吊销' },
  overdue: { en: 'Overdue', 'zh-CN': '已逾期' },
};

/** `course.passed` says it in its type; of `course.completed`, the result may know more. */
function kindOf(event: JsonObject): string {
  const ending = typeof event.type === 'string' ? (event.type.split('.')[1] ?? '') : '';
  const success = isJsonObject(event.result) ? event.result.success : undefined;
  if (ending !== 'completed' || typeof success !== 'boolean') return ending;
  return success ? 'passed' : 'failed';
}

function succeeded(event: JsonObject): boolean {
  return ['passed', 'completed', 'issued'].includes(kindOf(event));
}

function linkOf(text: string, event: JsonObject): JsonValue {
  const url = isJsonObject(event.course) ? event.course.url : undefined;
  return typeof url === 'string' ? { text, link: url } : null;
}
