import type { Connector, JsonObject } from '@trainbridge/connector-kit';
import { validateAgainst } from '@trainbridge/connector-runtime';
import { invalid, type FieldProblem } from '@trainbridge/http-api';

/**
 * Every action must be one the connector offers, with options its schema takes.
 * @throws {ProblemError} 400 naming the path, such as `/results/0/action`.
 */
export function checkResults(
  connector: Connector | null,
  results: readonly { action: string; options?: JsonObject }[],
): void {
  const actions = connector?.manifest.results?.actions ?? [];
  const problems = results.flatMap(({ action, options }, index): FieldProblem[] => {
    const known = actions.find(({ name }) => name === action);
    if (!known) {
      const names = actions.map(({ name }) => name).join(', ');
      return [
        {
          path: `/results/${index}/action`,
          message:
            names === ''
              ? { en: 'this connector reports no results', 'zh-CN': '该连接器不支持结果回写' }
              : { en: `must be one of: ${names}`, 'zh-CN': `必须是以下之一：${names}` },
        },
      ];
    }
    const checked = validateAgainst(known.optionsSchema, options ?? {}, `/results/${index}/options`);
    return checked.ok ? [] : checked.errors;
  });
  if (problems.length > 0) throw invalid(problems);
}

/** @throws {ProblemError} 400 when the connector has no to-dos. */
export function checkTodos(connector: Connector | null): void {
  if (connector?.todos) return;
  throw invalid([
    {
      path: '/todos/enabled',
      message: { en: 'this connector has no to-dos', 'zh-CN': '该连接器不支持待办' },
    },
  ]);
}
