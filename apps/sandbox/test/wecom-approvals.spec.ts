import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, wecomDefaults, type Sandbox } from '@trainbridge/sandbox';
import { appReceiver, type CallbackReceiver } from './callback-receiver.js';
import { Caller, type Answer } from './caller.js';

type Json = Record<string, unknown>;

const day = 86_400;
const started = 1_767_225_600;

describe('WeCom approvals', () => {
  let sandbox: Sandbox;
  let caller: Caller;
  let accounts: string[];
  let now: number;

  beforeEach(async () => {
    now = started * 1000;
    sandbox = await startSandbox({ people: 60, departments: 8, now: () => now });
    caller = new Caller(sandbox);
    accounts = sandbox.company.people().map(({ account }) => account);
  });
  afterEach(() => sandbox.close());

  const account = (index: number): string => accounts[index] ?? '';
  const submit = (index = 0, form: Record<string, string> = { 课程: '安全' }): string =>
    sandbox.wecom.submitApproval({ account: account(index), title: '培训申请', form });
  const list = (body: object = {}): Promise<Answer> =>
    caller.app('oa/getapprovalinfo', { starttime: started, endtime: started + day, size: 100, ...body });
  const detail = async (number: unknown): Promise<Json> =>
    ((await caller.app('oa/getapprovaldetail', { sp_no: number })).info ?? {}) as Json;

  it('a form filled in, as the detail shows it', async () => {
    const number = submit(0, {
      课程: '外训',
      事由: '转岗',
      截止日期: '2026-02-01',
      方式: '线下',
      参训人员: `${account(1)},${account(2)}`,
      预算: '800',
    });
    expect(number).toBe('202601010001');
    const info = await detail(number);
    const person = sandbox.company.person(account(0));
    expect(info).toMatchObject({
      sp_no: number,
      sp_name: '培训申请',
      sp_status: 1,
      template_id: wecomDefaults.approvalTemplateId,
      apply_time: started,
      applyer: { userid: account(0), partyid: String(person?.primaryDepartmentId) },
      sp_record: [{ sp_status: 1, approverattr: 1, details: [{ sp_status: 1, sptime: 0 }] }],
    });
    const { contents } = info.apply_data as { contents: Json[] };
    expect(contents.map(({ control, value }) => [control, value])).toEqual([
      ['Text', { text: '外训' }],
      ['Textarea', { text: '转岗' }],
      ['Date', { date: { type: 'day', s_timestamp: String(Date.parse('2026-01-31T16:00:00Z') / 1000) } }],
      [
        'Selector',
        {
          selector: {
            type: 'single',
            options: [{ key: 'option-2', value: [{ text: '线下', lang: 'zh_CN' }] }],
          },
        },
      ],
      [
        'Contact',
        {
          members: [1, 2].map((index) => ({
            userid: account(index),
            name: sandbox.company.person(account(index))?.name,
          })),
        },
      ],
      ['Text', { text: '800' }],
    ]);
    expect(contents[0]?.title).toEqual([{ text: '课程', lang: 'zh_CN' }]);
    expect(await detail(Number(number))).toEqual(info);
  });

  it('details: unknown numbers, people out of view, apps that are not listed', async () => {
    const number = submit();
    expect((await caller.app('oa/getapprovaldetail', { sp_no: '1' })).errcode).toBe(301025);
    expect((await caller.app('oa/getapprovaldetail', {})).errcode).toBe(301025);
    sandbox.wecom.setVisibleRange({ users: [account(1)] });
    expect((await caller.app('oa/getapprovaldetail', { sp_no: number })).errcode).toBe(301055);
    expect((await caller.contacts('oa/getapprovaldetail', { sp_no: number })).errcode).toBe(48002);
    sandbox.wecom.setVisibleRange({ parties: [1] });
    expect((await detail(number)).sp_no).toBe(number);
    sandbox.mutations.dismiss(account(0));
    expect((await caller.app('oa/getapprovaldetail', { sp_no: number })).errcode).toBe(301055);
    expect((await list()).sp_no_list).toEqual([]);
    sandbox.wecom.setApp({ approvals: false });
    expect((await list()).errcode).toBe(301055);
  });

  describe('listing', () => {
    it('refuses spans over 31 days, milliseconds, GET and wrong filters with one code', async () => {
      const wrong: object[] = [
        { endtime: started + 31 * day + 1 },
        { starttime: started * 1000, endtime: (started + day) * 1000 },
        { endtime: started - 1 },
        { starttime: undefined },
        { size: 0 },
        { size: 101 },
        { size: undefined },
        { filters: [{ key: 'status', value: '2' }] },
        { filters: [{ key: 'sp_status', value: 2 }] },
        { new_cursor: 5 },
      ];
      for (const body of wrong) expect([body, (await list(body)).errcode]).toEqual([body, 301025]);
      expect((await caller.app('oa/getapprovalinfo')).errcode).toBe(301025);
      expect((await list({ new_cursor: 'AAAA' })).errcode).toBe(50100);
      expect((await list({ endtime: started + 31 * day })).errcode).toBe(0);
      expect((await list({ starttime: String(started), endtime: String(started + day) })).errcode).toBe(0);
    });

    it('by time, template, applicant, department and state; a misspelt filter is no filter', async () => {
      const [first, second] = [submit(0), submit(1)];
      now += 2 * day * 1000;
      const late = submit(0);
      sandbox.wecom.decideApproval(second, 'approved');
      const numbers = async (key: string, value: string): Promise<unknown> =>
        (await list({ filters: [{ key, value }] })).sp_no_list;
      expect((await list()).sp_no_list).toEqual([first, second]);
      expect((await list({ endtime: started + 3 * day })).sp_no_list).toEqual([first, second, late]);
      expect(await numbers('template_id', wecomDefaults.approvalTemplateId)).toEqual([first, second]);
      expect(await numbers('creator', account(1).toUpperCase())).toEqual([second]);
      expect(await numbers('sp_status', '1')).toEqual([first]);
      expect(await numbers('record_type', '1')).toEqual([]);
      expect((await list({ filter: [{ key: 'sp_status', value: '1' }] })).sp_no_list).toEqual([
        first,
        second,
      ]);
    });

    it('takes people out of view out of the pages: short ones, empty ones, until no cursor comes', async () => {
      const numbers = [0, 1, 1, 1, 0].map((index) => submit(index));
      sandbox.wecom.setVisibleRange({ users: [account(0)] });
      const pages: unknown[] = [];
      let cursor: unknown = '';
      do {
        const answer = await list({ size: 2, new_cursor: cursor });
        pages.push(answer.sp_no_list);
        cursor = answer.new_next_cursor;
      } while (cursor !== undefined);
      expect(pages).toEqual([[numbers[0]], [], [numbers[4]]]);
    });

    it('with cursors of before, which are numbers', async () => {
      const numbers = [submit(), submit(), submit()];
      const first = await list({ size: 2, cursor: 0 });
      expect(first).toMatchObject({ sp_no_list: numbers.slice(0, 2), next_cursor: 2 });
      const last = await list({ size: 2, cursor: first.next_cursor });
      expect(last).toEqual({ errcode: 0, errmsg: 'ok', sp_no_list: numbers.slice(2) });
    });

    it('600 times a minute', async () => {
      sandbox.wecom.setLimits({ perMinuteByEndpoint: { 'oa/getapprovalinfo': 2 } });
      expect([(await list()).errcode, (await list()).errcode, (await list()).errcode]).toEqual([0, 0, 45009]);
    });

    it('with faults: errors, and cursors that lead astray', async () => {
      const numbers = [submit(), submit(), submit(), submit(), submit()];
      sandbox.wecom.faults.add({ kind: 'errcode', code: -1, endpoint: 'oa/getapprovalinfo' });
      expect((await list()).errcode).toBe(-1);
      const second = async (): Promise<unknown> => {
        const { new_next_cursor: cursor } = await list({ size: 2 });
        return (await list({ size: 2, new_cursor: cursor })).sp_no_list;
      };
      sandbox.wecom.faults.add({ kind: 'skip_page' });
      expect(await second()).toEqual(numbers.slice(4));
      sandbox.wecom.faults.add({ kind: 'cursor_loop' });
      expect(await second()).toEqual(numbers.slice(0, 2));
    });
  });

  describe('events', () => {
    let receiver: CallbackReceiver;
    beforeEach(async () => {
      receiver = await appReceiver();
      expect(await sandbox.wecom.setAppCallback({ url: receiver.url })).toMatchObject({ ok: true });
    });
    afterEach(() => receiver.close());

    /** What was done, and the state it led to. */
    async function told(): Promise<string[]> {
      await sandbox.wecom.idle();
      const steps = receiver.texts('StatuChangeEvent');
      const states = receiver.events.map(({ xml }) => /<SpStatus>(\d)/.exec(xml)?.[1] ?? '');
      receiver.events.length = 0;
      return steps.map((step, index) => `${step}:${states[index] ?? ''}`);
    }

    it('tell what was done and what became of it', async () => {
      const approved = submit();
      sandbox.wecom.approvals.urge(approved);
      sandbox.wecom.decideApproval(approved, 'approved');
      sandbox.wecom.approvals.comment(approved, sandbox.wecom.personOf(account(1)), '请附证书');
      sandbox.wecom.decideApproval(approved, 'withdrawn');
      expect(await told()).toEqual(['1:1', '5:1', '2:2', '10:2', '8:6']);
      const rejected = submit();
      sandbox.wecom.decideApproval(rejected, 'rejected');
      sandbox.wecom.decideApproval(submit(), 'withdrawn');
      expect(await told()).toEqual(['1:1', '3:3', '1:1', '6:4']);
      expect(() => sandbox.wecom.decideApproval(rejected, 'approved')).toThrow(TypeError);
      sandbox.wecom.approvals.remove(rejected);
      expect(await told()).toEqual([]);
      expect((await detail(rejected)).sp_status).toBe(7);
      expect((await detail(approved)).comments).toMatchObject([
        { commentUserInfo: { userid: account(1) }, commentcontent: '请附证书' },
      ]);
    });

    it('have the approval app in the body, and the flow without the form', async () => {
      const number = submit();
      await sandbox.wecom.idle();
      const { xml = '' } = receiver.events[0] ?? {};
      expect(xml).toContain('<AgentID>3010040</AgentID>');
      expect(xml).toContain(`<SpNoStr><![CDATA[${number}]]></SpNoStr><SpNo>${number}</SpNo>`);
      expect(xml).toContain(`<Applyer><UserId><![CDATA[${account(0)}]]></UserId>`);
      expect(xml).toContain('<ProcessList><NodeList>');
      expect(xml).not.toContain('安全');
      sandbox.wecom.setFacts({ approvalNumberText: false, approvalProcessList: false });
      submit();
      await sandbox.wecom.idle();
      expect(receiver.events[1]?.xml).not.toMatch(/SpNoStr|ProcessList/);
      expect(await detail(number)).not.toHaveProperty('process_list');
    });

    it('are not told of people out of view, or to an app that is not listed', async () => {
      sandbox.wecom.setVisibleRange({ users: [account(1)] });
      await sandbox.wecom.idle();
      receiver.events.length = 0;
      submit(0);
      sandbox.wecom.setApp({ approvals: false });
      submit(1);
      expect(await told()).toEqual([]);
    });

    it('agreed to step by step', async () => {
      const [template] = sandbox.wecom.approvals.templates;
      const people = [1, 2].map((index) => sandbox.wecom.personOf(account(index)));
      const { number } = sandbox.wecom.approvals.submit({
        template: template!,
        applicant: sandbox.wecom.personOf(account(0)),
        contents: [],
        steps: people.map((person) => ({ attr: 1 as const, approvers: [person] })),
      });
      sandbox.wecom.approvals.agree(number);
      expect(await told()).toEqual(['1:1', '2:1']);
      expect((await detail(number)).sp_record).toMatchObject([{ sp_status: 2 }, { sp_status: 1 }]);
      sandbox.wecom.approvals.agree(number);
      expect(await told()).toEqual(['2:2']);
    });
  });

  describe('submitted by an app', () => {
    const template = wecomDefaults.approvalTemplateId;
    const apply = (change: Json = {}): Promise<Answer> =>
      caller.app('oa/applyevent', {
        creator_userid: account(0),
        template_id: template,
        use_template_approver: 1,
        apply_data: { contents: [{ control: 'Text', id: 'Text-SIM1', value: { text: '特种作业' } }] },
        summary_list: [{ summary_info: [{ text: '特种作业证', lang: 'zh_CN' }] }],
        ...change,
      });

    it('has the controls of its form', async () => {
      const answer = await caller.app('oa/gettemplatedetail', { template_id: template });
      expect(answer.template_names).toEqual([{ text: '培训申请', lang: 'zh_CN' }]);
      const { controls } = answer.template_content as { controls: Json[] };
      expect(controls.map(({ property }) => (property as Json).control)).toEqual(
        ['Text', 'Textarea', 'Date', 'Selector', 'Contact'], // prettier-ignore
      );
      expect((await caller.app('oa/gettemplatedetail', { template_id: 'none' })).errcode).toBe(301025);
    });

    it('with the approvers of the template, or its own in either spelling', async () => {
      const byTemplate = await apply();
      expect(await detail(byTemplate.sp_no)).toMatchObject({ sp_status: 1, applyer: { userid: account(0) } });
      const own = await apply({
        use_template_approver: 0,
        approver: [{ attr: 2, userid: [account(3), account(4)] }],
        notifyer: [account(5)],
      });
      expect(await detail(own.sp_no)).toMatchObject({
        sp_record: [{ approverattr: 2, details: [{ approver: { userid: account(3) } }, {}] }],
        notifyer: [{ userid: account(5) }],
      });
      const process = { node_list: [{ type: 1, apv_rel: 1, userid: [account(6)] }] };
      const newer = await apply({ use_template_approver: 0, process });
      expect(await detail(newer.sp_no)).toMatchObject({ sp_record: [{ approverattr: 1 }] });
    });

    it.each([
      [301025, { template_id: 'none' }],
      [301025, { apply_data: { contents: [] } }],
      [301025, { apply_data: { contents: [{ control: 'Date', id: 'Text-SIM1', value: {} }] } }],
      [301025, { use_template_approver: 0 }],
      [301025, { use_template_approver: undefined }],
      [301025, { summary_list: [{ summary_info: [{ text: '长'.repeat(21), lang: 'zh_CN' }] }] }],
      [301025, { creator_userid: 'no.body' }],
    ] as [number, Json][])('%i for %j', async (code, change) => {
      expect((await apply(change)).errcode).toBe(code);
      expect(sandbox.wecom.approvals.all()).toEqual([]);
    });
  });
});
