import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkDefaults, dingtalkDeptIdOf, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { DingtalkCaller } from './dingtalk-caller.js';
import { DingtalkReceiver } from './dingtalk-receiver.js';

describe('DingTalk callbacks', () => {
  let sandbox: Sandbox;
  let receiver: DingtalkReceiver;
  let caller: DingtalkCaller;
  let now = 1_764_000_000_000;

  beforeEach(async () => {
    receiver = await new DingtalkReceiver().start();
    sandbox = await startSandbox({
      people: 40,
      departments: 10,
      now: () => now,
      dingtalk: { facts: { retrySpacingMs: [5, 5] } },
    });
    caller = new DingtalkCaller(sandbox);
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
  });

  const configured = async (): Promise<void> =>
    void expect(await sandbox.dingtalk.setCallback({ url: receiver.url })).toMatchObject({ ok: true });
  const events = (): Record<string, unknown>[] =>
    receiver.received.map(({ event }) => event).filter((event) => event.EventType !== 'check_url');

  describe('saving the URL', () => {
    it.each(['right', 'fresh'] as const)(
      'asks check_url, and takes an answer that is %s',
      async (answering) => {
        receiver.answers.push(answering);
        await configured();
        expect(receiver.received).toMatchObject([
          { event: { EventType: 'check_url' }, ownerKey: dingtalkDefaults.clientId },
        ]);
        const { query } = receiver.received[0] ?? {};
        expect(query?.get('signature')).toBe(query?.get('msg_signature'));
        expect(query?.get('timestamp')).toBe(String(now));
        expect(sandbox.dingtalk.callbacks.target?.url).toBe(receiver.url);
      },
    );

    it.each([
      ['plain', /JSON|Unexpected/],
      ['quoted', /not a JSON object/],
      ['other word', /success/],
      ['other owner', /owner/],
      ['bad signature', /signature/],
      ['number as time', /timeStamp/],
      [503, /503/],
      ['late', /timeout/],
      ['reset', /ECONNRESET/],
    ] as const)('refuses an answer: %s', async (answering, reason) => {
      receiver.answers.push(answering);
      if (answering === 'late') sandbox.dingtalk.setFacts({ answerLimitMs: 100 });
      const result = await sandbox.dingtalk.setCallback({ url: receiver.url });
      expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
      expect(sandbox.dingtalk.callbacks.target).toBeUndefined();
    });

    it('refuses tokens and keys of impossible form', async () => {
      await expect(async () =>
        sandbox.dingtalk.setCallback({ url: receiver.url, token: 'a b' }),
      ).rejects.toThrow(TypeError);
      await expect(async () =>
        sandbox.dingtalk.setCallback({ url: receiver.url, aesKey: 'short' }),
      ).rejects.toThrow(TypeError);
    });

    it('fact signatureNames', async () => {
      sandbox.dingtalk.setFacts({ signatureNames: 'signature' });
      await configured();
      expect(receiver.received[0]?.query.has('msg_signature')).toBe(false);
    });
  });

  it('contacts as recorded: capitals, no event id; newcomers are told twice, moves as changes', async () => {
    await configured();
    const { mutations } = sandbox;
    mutations.hire({ account: 'lin.mei', departmentIds: [2] });
    mutations.move('lin.mei', [3]);
    mutations.changeAccount('lin.mei', 'chen.bo');
    mutations.dismiss('chen.bo');
    mutations.moveDepartment(5, 2);
    mutations.renameDepartment(1, '云杉集团');
    await sandbox.dingtalk.idle();
    const base = { TimeStamp: String(now), CorpId: sandbox.dingtalk.corpId };
    const user = (EventType: string, id: string): object => ({ ...base, UserId: [id], EventType });
    const department = (id: number): object => ({
      ...base,
      DeptId: [dingtalkDeptIdOf(id)],
      EventType: 'org_dept_modify',
    });
    expect(events()).toEqual([
      user('user_add_org', 'lin.mei'),
      user('user_modify_org', 'lin.mei'),
      user('user_modify_org', 'lin.mei'),
      user('user_leave_org', 'lin.mei'),
      user('user_add_org', 'chen.bo'),
      user('user_leave_org', 'chen.bo'),
      department(5),
      { ...base, EventType: 'org_change' },
      department(1),
    ]);
  });

  it('fact eventForm: as documented, with ids and small letters', async () => {
    sandbox.dingtalk.setFacts({ eventForm: 'documented' });
    await configured();
    const made = sandbox.mutations.createDepartment({ name: '新店' });
    sandbox.mutations.edit(sandbox.company.people()[0]?.account ?? '', { status: 'inactive' });
    sandbox.mutations.edit(sandbox.company.people()[0]?.account ?? '', { status: 'active' });
    await sandbox.dingtalk.idle();
    expect(events()).toMatchObject([
      {
        EventType: 'org_dept_create',
        EventTime: now,
        CorpId: sandbox.dingtalk.corpId,
        BizId: expect.any(String),
        eventId: expect.any(String),
        deptId: [dingtalkDeptIdOf(made.id)],
      },
      { EventType: 'user_modify_org' },
      { EventType: 'user_active_org', userId: [sandbox.company.people()[0]?.account] },
    ]);
  });

  it('approvals: of the task and of the instance', async () => {
    await configured();
    const account = sandbox.company.people()[5]?.account ?? '';
    const id = sandbox.dingtalk.submitApproval({ account, title: '培训申请', form: {} });
    sandbox.dingtalk.decideApproval(id, 'approved');
    const other = sandbox.dingtalk.submitApproval({ account, title: '培训申请', form: {} });
    sandbox.dingtalk.decideApproval(other, 'withdrawn');
    sandbox.dingtalk.approvals.remove(other);
    await sandbox.dingtalk.idle();
    const told = events();
    const instance = told.filter((event) => event.EventType === 'bpms_instance_change');
    expect(instance.map(({ type, result }) => [type, result])).toEqual([
      ['start', undefined],
      ['finish', 'agree'],
      ['start', undefined],
      ['terminate', undefined],
      ['delete', undefined],
    ]);
    expect(instance[1]).toMatchObject({
      processInstanceId: id,
      processCode: sandbox.dingtalk.processCodes[0],
      corpId: sandbox.dingtalk.corpId,
      staffId: account,
      finishTime: now,
    });
    const task = told.filter((event) => event.EventType === 'bpms_task_change');
    expect(task.map(({ type, result }) => [type, result])).toEqual([
      ['start', undefined],
      ['finish', 'agree'],
      ['start', undefined],
      ['cancel', undefined],
    ]);
    expect(task[0]).toHaveProperty('taskId', expect.any(Number));
  });

  it('a failed event is tried three times, then found among the failures, once', async () => {
    await configured();
    receiver.answers.push('reset', 503, 'other word');
    const [first, second] = sandbox.company.people();
    sandbox.mutations.dismiss(first?.account ?? '');
    await sandbox.dingtalk.idle();
    receiver.answers.push('plain');
    sandbox.mutations.dismiss(second?.account ?? '');
    await sandbox.dingtalk.idle();
    expect(sandbox.dingtalk.events.list.map(({ outcome, attempts }) => [outcome, attempts.length])).toEqual([
      ['failed', 3],
      ['delivered', 2],
    ]);
    const failures = async (): Promise<unknown> =>
      (
        await caller.send(
          'GET',
          `/call_back/get_call_back_failed_result?access_token=${await caller.appToken()}`,
        )
      ).body;
    expect(await failures()).toMatchObject({ has_more: false, failed_list: [] });
    now += 180_000;
    expect(await failures()).toMatchObject({
      errcode: 0,
      has_more: false,
      failed_list: [
        {
          call_back_tag: 'user_leave_org',
          user_leave_org: { userid: [first?.account], corpid: sandbox.dingtalk.corpId },
        },
      ],
    });
    expect(await failures()).toMatchObject({ failed_list: [] });
  });

  it('switches: lost, doubled, reversed and bundled events', async () => {
    await configured();
    const { switches } = sandbox.dingtalk.announcer;
    const [first, second, third] = sandbox.company.people().map(({ account }) => account);
    switches.dropNext = 1;
    sandbox.mutations.edit(first ?? '', { position: '店长' });
    switches.duplicates = 1;
    sandbox.mutations.edit(first ?? '', { position: '主管' });
    await sandbox.dingtalk.idle();
    expect(events()).toHaveLength(2);
    Object.assign(switches, { duplicates: 0, bundle: true });
    sandbox.mutations.dismiss(first ?? '');
    sandbox.mutations.dismiss(second ?? '');
    await sandbox.dingtalk.idle();
    expect(events().at(-1)).toMatchObject({ EventType: 'user_leave_org', UserId: [first, second] });
    Object.assign(switches, { bundle: false, reorder: true });
    sandbox.mutations.edit(third ?? '', { position: '顾问' });
    sandbox.mutations.dismiss(third ?? '');
    await sandbox.dingtalk.idle();
    expect(receiver.types().slice(-2)).toEqual(['user_leave_org', 'user_modify_org']);
  });

  it('fact announcesApiChanges', async () => {
    sandbox.dingtalk.setFacts({ announcesApiChanges: false });
    await configured();
    sandbox.mutations.edit(sandbox.company.people()[0]?.account ?? '', { position: '店长' }, 'api');
    sandbox.mutations.edit(sandbox.company.people()[0]?.account ?? '', { position: '主管' });
    await sandbox.dingtalk.idle();
    expect(events()).toHaveLength(1);
  });

  it('the old API registers a URL for some events, with the corp id as owner', async () => {
    const registered = await new DingtalkReceiver(sandbox.dingtalk.corpId).start();
    try {
      const body = {
        call_back_tag: ['user_leave_org'],
        token: dingtalkDefaults.callbackToken,
        aes_key: dingtalkDefaults.callbackAesKey,
        url: registered.url,
      };
      const register = (name: string): Promise<Record<string, unknown>> =>
        caller.old(`/call_back/${name}`, body);
      expect(await register('update_call_back')).toMatchObject({ errcode: 71007 });
      registered.answers.push('plain');
      expect(await register('register_call_back')).toMatchObject({ errcode: 71012 });
      expect(await register('register_call_back')).toMatchObject({ errcode: 0 });
      expect(await register('register_call_back')).toMatchObject({ errcode: 71006 });
      sandbox.mutations.edit(sandbox.company.people()[0]?.account ?? '', { position: '店长' });
      sandbox.mutations.dismiss(sandbox.company.people()[0]?.account ?? '');
      await sandbox.dingtalk.idle();
      expect(registered.types()).toEqual(['user_leave_org']);
      expect(registered.received.at(-1)?.ownerKey).toBe(sandbox.dingtalk.corpId);
      const token = await caller.appToken();
      expect(await caller.send('GET', `/call_back/delete_call_back?access_token=${token}`)).toMatchObject({
        body: { errcode: 0 },
      });
      expect(await caller.send('GET', `/call_back/get_call_back?access_token=${token}`)).toMatchObject({
        body: { errcode: 71007 },
      });
    } finally {
      await registered.close();
    }
  });
});
