import jsonata from 'jsonata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExpressionError, Expressions } from '@trainbridge/expressions';

describe('Expressions', () => {
  let expressions: Expressions;
  beforeEach(() => {
    expressions = new Expressions({ pageSize: 10 });
  });
  afterEach(() => expressions.close());

  const people = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      userid: `u${n}`,
      name: '张三',
      extattr: {
        attrs: [
          { name: '工号', text: { value: `E${n}` } },
          { name: 'grade', text: { value: 'P7' } },
        ],
      },
    }));

  it('maps records of several pages, in their order, and leaves absent what is not there', async () => {
    const results = await expressions.evaluateBatch(
      {
        employeeNumber: "extattr.attrs[name='工号'].text.value",
        title: 'missing.path',
        upper: '$uppercase(userid)',
      },
      people(25),
    );
    expect(results).toHaveLength(25);
    expect(results[17]).toEqual({ values: { employeeNumber: 'E17', upper: 'U17' }, errors: {} });
  });

  it('treats plain paths as JSONata does, arrays and all', async () => {
    const record = {
      a: { b: [{ c: 1 }, { c: 2 }], n: null, s: '', o: { x: 1 } },
      list: [7],
      l2: [1, 2],
      f: false,
      'x y': 5,
    };
    const sources = [
      'a',
      'a.b',
      'a.b.c',
      'a.n',
      'a.n.x',
      'a.s',
      'a.s.length',
      'a.o',
      'a.o.x',
      'list',
      'l2',
      'list.x',
      'f',
      '`x y`',
      'constructor',
      'a.b[0].c',
      'list[]',
      'a.b.c[]',
      '*.x',
      '$.f',
      'a.b@$e.c',
      'a.b#$i.$i',
      'a.o.%.s',
    ];
    const mapping = Object.fromEntries(sources.map((source) => [`f ${source}`, source]));
    const [result] = await expressions.evaluateBatch(mapping, [record]);
    for (const source of sources) {
      const expected: unknown = await jsonata(source).evaluate(record);
      expect([source, result!.values[`f ${source}`]]).toEqual([
        source,
        expected === undefined ? undefined : JSON.parse(JSON.stringify(expected)),
      ]);
    }
    expect(result!.errors).toEqual({});
  });

  it('offers lookup tables, anew for every batch', async () => {
    const mapping = { level: "$lookup($tables.levels, extattr.attrs[name='grade'].text.value)" };
    const first = await expressions.evaluateBatch(mapping, people(1), {
      lookupTables: { levels: { P7: 'senior' } },
    });
    const second = await expressions.evaluateBatch(mapping, people(1), {
      lookupTables: { levels: { P7: 'other' } },
    });
    const none = await expressions.evaluateBatch(mapping, people(1));
    expect([first, second, none].map(([result]) => result!.values.level)).toEqual([
      'senior',
      'other',
      undefined,
    ]);
  });

  it('tells where a source is wrong', () => {
    expressions.compile("extattr.attrs[name='工号'].text.value");
    const problemOf = (source: string): ExpressionError => {
      try {
        expressions.compile(source);
      } catch (error) {
        return error as ExpressionError;
      }
      throw new Error(`${source} was accepted`);
    };
    expect(problemOf('a.[').position).toBe(3);
    expect(problemOf('a.[').message).toContain('Expected');
    expect(problemOf('x & $eval("1+1")')).toBeInstanceOf(ExpressionError);
    expect(problemOf('x & $eval("1+1")').message).toContain('$eval');
    for (const wrong of ['', '  ', '('.repeat(9_000), 'a'.repeat(10_001)])
      expect(problemOf(wrong)).toBeInstanceOf(ExpressionError);
  });

  it('keeps errors with their field and record', async () => {
    const results = await expressions.evaluateBatch({ age: '$number(age)', name: 'name', broken: 'a.[' }, [
      { age: '41', name: 'a' },
      { age: 'old', name: 'b' },
    ]);
    expect(results[0]).toEqual({
      values: { age: 41, name: 'a' },
      errors: { broken: expect.stringContaining('Expected') },
    });
    expect(results[1]!.values).toEqual({ name: 'b' });
    expect(results[1]!.errors.age).toContain('old');
  });

  it('answers plain JSON only', async () => {
    const [result] = await expressions.evaluateBatch(
      {
        list: '[1..3]',
        object: '{"a": [n, missing]}',
        nothing: 'null',
        aFunction: '$sum',
        aLambda: '{"f": function($x){$x}}',
        infinite: '1/0',
        proto: '{"__proto__": {"admin": true}}',
        long: '$pad("", 200000, "x")',
      },
      [{ n: 1 }],
    );
    expect(result!.values).toEqual({ list: [1, 2, 3], object: { a: [1] }, nothing: null });
    expect(Object.keys(result!.errors).sort()).toEqual(['aFunction', 'aLambda', 'infinite', 'long', 'proto']);
  });

  it('gives expressions nothing of the host', async () => {
    const [result] = await expressions.evaluateBatch(
      {
        a: 'constructor',
        b: '$sum.implementation.constructor("return process")()',
        c: '$.__proto__',
        d: '$lookup($, "constructor")',
        e: '$eval("1+1")',
        f: '($x := $lookup({}, "constructor"); $x("return 1"))',
      },
      [{ n: 1 }],
    );
    expect(result!.values).toEqual({});
    expect(result!.errors.e).toContain('not available');
  });

  it('ends an expression that never ends, fails it on that record alone, and goes on', async () => {
    const records = people(30).map((person, n) => ({ ...person, bad: n === 12 }));
    const results = await expressions.evaluateBatch(
      { loop: '(bad ? ($f := function($n){ $f($n + 1) }; $f(0)) : userid)', name: 'name' },
      records,
      { timeoutMs: 500 },
    );
    expect(results[12]).toEqual({
      values: { name: '张三' },
      errors: { loop: 'the expression ran longer than 500 ms' },
    });
    expect(results.filter(({ values }) => 'loop' in values)).toHaveLength(29);
  });

  it('ends a regular expression that explodes', async () => {
    const text = `${'a'.repeat(40)}!`;
    const results = await expressions.evaluateBatch(
      { match: '$contains(text, /^(a+)+$/)', text: 'text' },
      [{ text: 'aa' }, { text }],
      {
        timeoutMs: 500,
      },
    );
    expect(results[0]!.values).toEqual({ match: true, text: 'aa' });
    expect(results[1]).toEqual({
      values: { text },
      errors: { match: 'the expression ran longer than 500 ms' },
    });
  });

  it('ends an expression that eats memory', async () => {
    const small = new Expressions({ memoryMb: 24 });
    const results = await small.evaluateBatch(
      { eat: 'big ? $count($map([1..3000000], function($i){ {"i": $string($i)} })) : 1' },
      [{ big: false }, { big: true }, { big: false }],
      { timeoutMs: 15_000, totalTimeoutMs: 15_000 },
    );
    expect(results.map(({ values }) => values.eat)).toEqual([1, undefined, 1]);
    expect(results[1]!.errors.eat).toBe('the expression needs too much memory');
    await small.close();
  });

  it('gives up an expression that is always too slow, and keeps the values of the others', async () => {
    const begin = performance.now();
    const results = await expressions.evaluateBatch(
      { slow: '$contains(text, /^(a+)+$/)', userid: 'userid' },
      people(40).map((person) => ({ ...person, text: `${'a'.repeat(40)}!` })),
      {
        timeoutMs: 300,
      },
    );
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(results.every(({ values, errors }) => 'userid' in values && 'slow' in errors)).toBe(true);
    expect(results[39]!.errors.slow).toContain('given up');
  });

  it('bounds a batch altogether', async () => {
    const results = await expressions.evaluateBatch({ slow: '$count([1..300000][$ > 5])' }, people(200), {
      totalTimeoutMs: 300,
    });
    expect(results).toHaveLength(200);
    expect(results[199]!.errors.slow).toContain('took too long altogether');
  });

  it('serves batches side by side, and answers at once after close', async () => {
    const both = await Promise.all([
      expressions.evaluateBatch({ a: 'userid' }, people(30)),
      expressions.evaluateBatch({ b: 'name' }, people(30)),
    ]);
    expect([both[0][29]!.values, both[1][29]!.values]).toEqual([{ a: 'u29' }, { b: '张三' }]);
    await expressions.close();
    const [late] = await expressions.evaluateBatch({ a: 'userid' }, people(1));
    expect(late!.errors.a).toContain('shutting down');
  });
});
