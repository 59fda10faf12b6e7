import type { ResultAction } from '@trainbridge/connector-kit';
import { validateAgainst } from '@trainbridge/connector-runtime';
import { describe, expect, it } from 'vitest';
import connector from '../src/index.js';

const { manifest } = connector;
const actions = new Map(manifest.results?.actions.map((action) => [action.name, action]));
const problems = (name: ResultAction['name'], options: unknown): string[] => {
  const checked = validateAgainst(actions.get(name)!.optionsSchema, options, '');
  return checked.ok ? [] : checked.errors.map(({ path }) => path);
};

describe('result actions', () => {
  it('are those WeCom has, and say honestly what a repeat does', () => {
    expect([...actions.values()].map(({ name, idempotency }) => [name, idempotency])).toEqual([
      ['message', 'key'],
      ['tag', 'natural'],
      ['attribute', 'natural'],
    ]);
    const fourHours = 4 * 3_600_000;
    expect(actions.get('message')?.keyLifetimeMs).toBe(fourHours);
    expect(manifest.todos).toMatchObject({ idempotency: 'key', keyLifetimeMs: fourHours });
  });

  it.each([
    ['message', {}],
    ['message', { text: '{name}，{course}：{result}' }],
    ['tag', {}],
    ['tag', { tagName: '已通过消防' }],
    ['tag', { tagId: '12' }],
    ['tag', { tagId: 12 }],
    ['tag', { tagId: 'etSimTag0001' }],
    ['attribute', { attribute: '成绩' }],
    ['attribute', { attribute: '成绩', text: '{score}' }],
  ] as const)('%s takes %j', (name, options) => {
    expect(problems(name, options)).toEqual([]);
  });

  it.each([
    ['message', { texts: 'x' }, '/texts'],
    ['message', { text: '' }, '/text'],
    ['tag', { tagName: ' ' }, '/tagName'],
    ['tag', { tagName: 'x'.repeat(31) }, '/tagName'],
    ['tag', { tagId: '1|2' }, '/tagId'],
    ['tag', { tagId: 0 }, '/tagId'],
    ['attribute', {}, '/attribute'],
  ] as const)('%s does not take %j', (name, options, path) => {
    expect(problems(name, options)).toEqual([path]);
  });
});

describe('limits', () => {
  it('of approvals are WeCom’s own, and both calls count together', () => {
    const approvals = manifest.rateLimits.find(({ name }) => name === 'approvals');
    expect(approvals).toMatchObject({ limit: 600, perMs: 60_000 });
    for (const path of ['/cgi-bin/oa/getapprovalinfo', '/cgi-bin/oa/getapprovaldetail'])
      expect(approvals?.paths?.some((prefix) => path.startsWith(prefix))).toBe(true);
    expect(approvals?.paths?.some((prefix) => '/cgi-bin/user/list'.startsWith(prefix))).toBe(false);
  });

  it('are kept per corporation and address, so that connections of one corporation share them', () => {
    for (const { keyFrom } of manifest.rateLimits) expect(keyFrom).toEqual(['apiBaseUrl', 'corpId']);
  });

  it('only the API is called; login pages are links', () => {
    expect(manifest.allowedHosts).toEqual([{ fromConfig: 'apiBaseUrl' }]);
  });
});
