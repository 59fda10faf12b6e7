import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PLATFORMS = ['wecom', 'dingtalk', 'feishu'] as const;

/** Every control the page's buttons name is asked for as the page's script asks. */
describe('the page', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ people: 40, departments: 6 });
  });
  afterAll(() => sandbox.close());

  const panel = async (name: string, platform: string): Promise<string> => {
    const answer = await fetch(`${sandbox.url}/?panel=${name}&platform=${platform}`);
    expect(answer.status).toBe(200);
    return (await answer.text()).replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  };
  const send = async (method: string, path: string, body: unknown): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.url}${path}`, { method, headers, body: JSON.stringify(body) });
    return answer.status;
  };
  /** What the first button with that data attribute holds. */
  const held = (page: string, attribute: string): string =>
    new RegExp(`data-${attribute}="(.*?)"(?=[\\s>])`, 's').exec(page)![1]!;

  it('shows the first platform where none is named, or one that is unknown', async () => {
    for (const query of ['', '?platform=nobody']) {
      const text = await (await fetch(`${sandbox.url}/${query}`)).text();
      expect(text).toMatch(/platform=wecom"\s+aria-current="page"/);
    }
  });

  describe.each(PLATFORMS)('of %s', (id) => {
    it('tells how to connect, and takes a callback URL that answers as the platform asks', async () => {
      const text = await panel('connection', id);
      expect(text).toContain(sandbox.url);
      expect(await send('PUT', held(text, 'path'), { url: `${sandbox.url}/lms/ids` })).toBe(200);
      expect(await panel('connection', id)).toContain('not configured');
    });

    it('takes an approval and its decision', async () => {
      const before = await panel('work', id);
      const account = held(before, 'account');
      const body = { account, title: '培训申请', form: { 课程: '<b>安全</b>', 事由: '转岗' } };
      expect(await send('POST', held(before, 'path'), body)).toBe(200);
      const open = await panel('work', id);
      expect(open).toContain(sandbox.company.person(account)!.name);
      expect(await send('POST', held(open, 'post'), JSON.parse(held(open, 'body')))).toBe(200);
      const decided = await panel('work', id);
      expect(decided).toContain('已通过');
      expect(decided).not.toContain('data-post');
      const { approvals } = sandbox.platforms.find((one) => one.id === id)!.glance();
      expect(approvals).toEqual([expect.objectContaining({ account, status: 'approved' })]);
    });

    it('breaks this platform, and heals it', async () => {
      const { faults } = sandbox.platforms.find((one) => one.id === id)!;
      const fault = JSON.parse(held(await panel('faults', id), 'fault')) as { kind: string };
      expect(await send('POST', '/sandbox/faults', fault)).toBe(200);
      expect(sandbox.platforms.filter((one) => one.faults.list().length > 0).map((one) => one.id)).toEqual([
        id,
      ]);
      const heal = held(await panel('faults', id), 'heal');
      expect((await fetch(`${sandbox.url}/sandbox/faults${heal}`, { method: 'DELETE' })).status).toBe(200);
      expect(faults.list()).toEqual([]);
    });

    it('misdelivers its events on demand', async () => {
      const text = await panel('faults', id);
      const path = held(text, 'patch');
      expect(path).toBe(`/sandbox/${id}/delivery`);
      expect(await send('PATCH', path, JSON.parse(held(text, 'change')))).toBe(200);
      expect(sandbox.platforms.find((one) => one.id === id)!.glance().events.switches.dropNext).toBe(1);
    });
  });

  it.each(['wecom', 'dingtalk'] as const)('shows customers of %s, and takes new ones', async (id) => {
    const before = await panel('work', id);
    const [, path] = [...before.matchAll(/data-path="([^"]*)"/g)].map(([, value]) => value!);
    expect(await send('POST', path!, { name: '林采购' })).toBe(200);
    expect(await panel('work', id)).toContain('林采购');
  });

  it('shows no customers where the platform has none', async () => {
    expect(await panel('work', 'feishu')).not.toContain('客户');
  });
});
