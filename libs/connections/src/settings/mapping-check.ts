import { DEPARTMENT_FIELDS, USER_FIELDS } from '@trainbridge/connector-kit';
import { ExpressionError, type Expressions } from '@trainbridge/expressions';
import { invalid, type FieldProblem } from '@trainbridge/http-api';

const FIELDS: Record<string, readonly string[]> = { user: USER_FIELDS, department: DEPARTMENT_FIELDS };

/**
 * Every field must be one a record has, and every expression must compile.
 * @throws {ProblemError} 400 with `/mapping/user/<field>` and, in the message, the place inside the expression.
 */
export function checkMapping(expressions: Expressions, mapping: Record<string, unknown>): void {
  const problems = Object.entries(mapping).flatMap(([kind, fields]) => {
    const known = Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
    if (!known) return [problem(`/mapping/${escape(kind)}`, 'is not a known field', '未知字段')];
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      return [problem(`/mapping/${kind}`, 'must be an object', '必须是对象')];
    }
    return Object.entries(fields as Record<string, unknown>).flatMap(([field, source]) =>
      checkField(expressions, `/mapping/${kind}/${escape(field)}`, known.includes(field), source),
    );
  });
  if (problems.length > 0) throw invalid(problems);
}

function checkField(expressions: Expressions, path: string, known: boolean, source: unknown): FieldProblem[] {
  if (!known) return [problem(path, 'is not a field that can be mapped', '该字段不可映射')];
  if (typeof source !== 'string')
    return [problem(path, 'must be a JSONata expression', '必须是 JSONata 表达式')];
  try {
    expressions.compile(source);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, position } = error;
    if (position === null) return [problem(path, `is not usable: ${message}`, `表达式不可用：${message}`)];
    return [
      problem(
        path,
        `is not a valid expression at character ${position}: ${message}`,
        `表达式第 ${position} 个字符处有误：${message}`,
      ),
    ];
  }
}

function problem(path: string, en: string, zh: string): FieldProblem {
  return { path, message: { en, 'zh-CN': zh } };
}

function escape(key: string): string {
  return key.replace(/~/g, '~0').replace(/\//g, '~1');
}
