import { isJsonObject, type JsonObject, type JsonValue } from '@trainbridge/connector-kit';

type Locale = 'zh-CN' | 'en';
type Placeholder = 'name' | 'course' | 'exam' | 'result' | 'score' | 'certificate';

/** Messages of the platforms take about 2,000 bytes; what is longer is cut. */
const MOST_BYTES = 2_000;

/**
 * What a platform shows of a learning event: the connection's own template or a default of its type and locale.
 * `{name} {course} {exam} {result} {score} {certificate}` are filled in, empty where the event tells nothing; any other
 * braces stay as they were typed. At most 2,000 bytes of UTF-8.
 */
export function resultText(
  event: JsonObject,
  recipientName: string | null,
  locale: Locale,
  template: JsonValue | undefined,
): string {
  const values = valuesOf(event, recipientName, locale);
  if (typeof template === 'string' && template.trim() !== '') return bounded(filled(template, values));
  const texts = DEFAULT_TEXTS[textOf(event.type)] ?? OTHER;
  return bounded(withoutGaps(filled(texts[locale], values)));
}

const DEFAULT_TEXTS: Record<string, Record<Locale, string>> = {
  'course.started': { 'zh-CN': '{name}已开始学习《{course}》。', en: '{name} has started “{course}”.' },
  'course.progressed': {
    'zh-CN': '{name}正在学习《{course}》，进度{result}。',
    en: '{name} is working on “{course}”: {result}.',
  },
  'course.completed': {
    'zh-CN': '{name}已完成《{course}》。成绩：{score}',
    en: '{name} has completed “{course}”. Score: {score}',
  },
  'course.passed': {
    'zh-CN': '{name}已通过《{course}》。成绩：{score}',
    en: '{name} has passed “{course}”. Score: {score}',
  },
  'course.failed': {
    'zh-CN': '{name}未通过《{course}》。成绩：{score}',
    en: '{name} has not passed “{course}”. Score: {score}',
  },
  'exam.passed': {
    'zh-CN': '{name}已通过考试《{exam}》。成绩：{score}',
    en: '{name} has passed the exam “{exam}”. Score: {score}',
  },
  'exam.failed': {
    'zh-CN': '{name}未通过考试《{exam}》。成绩：{score}',
    en: '{name} has not passed the exam “{exam}”. Score: {score}',
  },
  'certificate.issued': {
    'zh-CN': '{name}获得证书《{certificate}》。',
    en: '{name} has received the certificate “{certificate}”.',
  },
  'certificate.revoked': {
    'zh-CN': '{name}的证书《{certificate}》已撤销。',
    en: 'The certificate “{certificate}” of {name} was revoked.',
  },
  'skill.granted': { 'zh-CN': '{name}获得一项新技能。', en: '{name} has gained a new skill.' },
  'assignment.overdue': {
    'zh-CN': '{name}的学习任务《{course}》已逾期。',
    en: 'The assignment “{course}” of {name} is overdue.',
  },
};

const OTHER: Record<Locale, string> = {
  'zh-CN': '{name}的学习有新进展：《{course}》。',
  en: 'News about the learning of {name}: “{course}”.',
};

const NOBODY: Record<Locale, string> = { 'zh-CN': '学员', en: 'The learner' };
const PASSED: Record<Locale, string> = { 'zh-CN': '通过', en: 'passed' };
const FAILED: Record<Locale, string> = { 'zh-CN': '未通过', en: 'failed' };
const COMPLETED: Record<Locale, string> = { 'zh-CN': '已完成', en: 'completed' };

function valuesOf(event: JsonObject, name: string | null, locale: Locale): Record<Placeholder, string> {
  const course = titleOf(event.course);
  // An exam without a name of its own is the exam of its course, and the other way round.
  const exam = titleOf(event.exam) || course;
  return {
    name: name ?? NOBODY[locale],
    course: course || exam,
    exam,
    result: outcomeOf(event, locale),
    score: scoreOf(event.result),
    certificate: titleOf(event.certificate) || course,
  };
}

function titleOf(thing: JsonValue | undefined): string {
  if (!isJsonObject(thing)) return '';
  const { title, name, number, code, id } = thing;
  return [title, name, number, code, id].map(textOf).find((text) => text !== '') ?? '';
}

function outcomeOf({ type, result }: JsonObject, locale: Locale): string {
  const { success, completion, progress } = isJsonObject(result) ? result : ({} as JsonObject);
  if (success === true || /\.passed$/.test(textOf(type))) return PASSED[locale];
  if (success === false || /\.failed$/.test(textOf(type))) return FAILED[locale];
  if (completion === true || type === 'course.completed') return COMPLETED[locale];
  return typeof progress === 'number' ? `${Math.round(progress * 100)}%` : '';
}

function scoreOf(result: JsonValue | undefined): string {
  const score = isJsonObject(result) ? result.score : undefined;
  if (!isJsonObject(score) || typeof score.raw !== 'number') return '';
  return typeof score.max === 'number' ? `${score.raw}/${score.max}` : String(score.raw);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** One pass over the template: what a value holds is never looked at again. */
function filled(template: string, values: Record<Placeholder, string>): string {
  return template.replace(
    /\{(name|course|exam|result|score|certificate)\}/g,
    (_, key: Placeholder) => values[key],
  );
}

/** A default text says nothing about what the event does not tell. */
function withoutGaps(text: string): string {
  return text
    .replace(/(?:成绩：| ?Score: )$/, '')
    .replace(/《》|“”/g, '')
    .replace(/，进度。$/, '。')
    .replace(/：。$/, '。')
    .replace(/: ?\.$/, '.');
}

function bounded(text: string): string {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  const ellipsis = '…';
  const room = MOST_BYTES - Buffer.byteLength(ellipsis);
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    end += character.length;
  }
  return text.slice(0, end) + ellipsis;
}
