// @ts-check
/**
 * The thread in which foreign expressions run: nothing but JSONata and the records of one page. Plain JavaScript on purpose,
 * so that the same file is loaded from the source (tests) and from the build (production).
 *
 * @typedef {import('./messages.js').PageMessage} PageMessage
 * @typedef {import('./messages.js').EvaluatedRecord} EvaluatedRecord
 * @typedef {import('./messages.js').Setup} Setup
 * @typedef {{ field: string, expression: import('jsonata').Expression | null, names: string[] | null, problem: string }} CompiledField
 */
import jsonata from 'jsonata';
import { parentPort, workerData } from 'node:worker_threads';

// JSONata gives expressions no way to these; should it ever have a hole, there is nothing behind it.
for (const name of ['process', 'fetch', 'WebSocket', 'navigator', 'performance', 'crypto', 'setInterval']) {
  Reflect.deleteProperty(globalThis, name);
}

const MOST_TEXT = 100_000;

/** [0] record at work or -1, [1] field at work, [2] counts up with every evaluation. The host watches it. */
const progress = new Int32Array(workerData.progress);

/** @type {{ batch: number, fields: CompiledField[], bindings: Record<string, unknown> }} */
let current = { batch: -1, fields: [], bindings: {} };

parentPort?.on('message', (/** @type {PageMessage} */ message) => {
  if (message.setup) current = prepare(message.batch, message.setup);
  void evaluatePage(message).then((records) => parentPort?.postMessage({ page: message.page, records }));
});

/** @param {number} batch @param {Setup} setup */
function prepare(batch, { expressions, tables }) {
  const fields = expressions.map(([field, source]) => compile(field, source));
  return { batch, fields, bindings: { tables } };
}

/** @param {string} field @param {string} source @returns {CompiledField} */
function compile(field, source) {
  try {
    const expression = jsonata(source);
    expression.registerFunction('eval', () => {
      throw new Error('$eval is not available');
    });
    return { field, expression, names: plainPath(expression.ast()), problem: '' };
  } catch (error) {
    return { field, expression: null, names: null, problem: messageOf(error) };
  }
}

/** @param {PageMessage} message @returns {Promise<EvaluatedRecord[]>} */
async function evaluatePage({ records, skip }) {
  /** @type {EvaluatedRecord[]} */
  const evaluated = [];
  for (let index = 0; index < records.length; index++) {
    /** @type {EvaluatedRecord} */
    const result = { values: {}, errors: {} };
    Atomics.store(progress, 0, index);
    for (let place = 0; place < current.fields.length; place++) {
      if (skip[place]?.includes(index) || skip[place]?.includes(-1)) continue;
      Atomics.store(progress, 1, place);
      Atomics.add(progress, 2, 1);
      const field = /** @type {CompiledField} */ (current.fields[place]);
      if (!followNames(field, records[index], result)) await evaluateField(field, records[index], result);
    }
    evaluated.push(result);
  }
  Atomics.store(progress, 0, -1);
  return evaluated;
}

/**
 * The names of `a.b.c` and nothing more, which is what most mappings are.
 * @param {any} ast @returns {string[] | null}
 */
function plainPath(ast) {
  if (ast.type !== 'path' || ast.group || ast.keepSingletonArray || ast.tuple) return null;
  const plain = ast.steps.every((/** @type {any} */ step) => {
    return (
      step.type === 'name' &&
      !step.stages &&
      !step.predicate &&
      !step.focus &&
      !step.index &&
      !step.ancestor &&
      !step.tuple &&
      !step.keepArray
    );
  });
  return plain ? ast.steps.map((/** @type {any} */ step) => step.value) : null;
}

/**
 * Plain names without JSONata's machinery, three times as fast. False where its rules begin, which is at the first array.
 * @param {CompiledField} compiled @param {any} record @param {EvaluatedRecord} result
 */
function followNames({ field, names }, record, result) {
  if (!names) return false;
  let value = record;
  for (const name of names) {
    if (Array.isArray(value)) return false;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return true;
    value = value[name];
  }
  if (
    (typeof value === 'object' && value !== null) ||
    (typeof value === 'string' && value.length > MOST_TEXT)
  )
    return false;
  if (value !== undefined) result.values[field] = value;
  return true;
}

/** @param {CompiledField} compiled @param {unknown} record @param {EvaluatedRecord} result */
async function evaluateField({ field, expression, problem }, record, result) {
  if (!expression) {
    result.errors[field] = problem;
    return;
  }
  try {
    const value = toJson(await expression.evaluate(record, current.bindings), 0);
    if (value !== undefined) result.values[field] = value;
  } catch (error) {
    result.errors[field] = messageOf(error);
  }
}

/**
 * A plain copy: JSONata marks its arrays and makes objects without a prototype.
 * @param {any} value @param {number} depth @returns {any}
 */
function toJson(value, depth) {
  if (value === null || typeof value === 'boolean' || value === undefined) return value;
  if (typeof value === 'string') {
    if (value.length > MOST_TEXT) throw new Error(`the result is longer than ${MOST_TEXT} characters`);
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('the result is not a finite number');
    return value;
  }
  if (depth > 50) throw new Error('the result is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1) ?? null);
  if (typeof value !== 'object' || value._jsonata_function || value._jsonata_lambda) {
    throw new Error('the result is a function, not data');
  }
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new Error('the result has a key named __proto__');
    const inner = toJson(value[key], depth + 1);
    if (inner !== undefined) copy[key] = inner;
  }
  return copy;
}

/** JSONata throws plain objects. @param {unknown} error */
function messageOf(error) {
  const message = /** @type {{ message?: unknown }} */ (error)?.message;
  return typeof message === 'string' ? message.slice(0, 300) : 'the expression failed';
}
