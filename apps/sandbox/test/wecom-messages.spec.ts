import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { appReceiver } from './callback-receiver.js';
import { Caller, type Answer } from './caller.js';

type Json = Record<string, unknown>;

describe('WeCom messages', () => {
  let sandbox: Sandbox;
  let caller: Caller;
  let accounts: string[];
  let now: number;

  beforeEach(async () => {
    now = 1_767_225_600_000;
    sandbox = await startSandbox({ people: 40, departments: 8, now: () => now });
    caller = new Caller(sandbox);
    accounts = sandbox.company.people().map(({ account }) => account);
  });
  afterEach(() => sandbox.close());

  const account = (index: number): string => accounts[index] ?? '';
  const send = (body: object, path = 'message/send'): Promise<Answer> =>
    caller.app(path, { touser: account(0), agentid: 1000002, ...body });
  const text = (content: string, more: object = {}): Promise<Answer> =>
    send({ msgtype: 'text', text: { content }, ...more });
  const notice = (change: Json = {}): Json => ({
    card_type: 'text_notice',
    main_title: { title: '安全培训', desc: '请于周五前完成' },
    horizontal_content_list: [{ keyname: '截止', value: '2026-02-01' }],
    card_action: { type: 1, url: 'https://lms.example.test/c/1' },
    ...change,
  });
  const card = (change: Json = {}, more: object = {}): Promise<Answer> =>
    send({ msgtype: 'template_card', template_card: notice(change), ...more });
  const buttons = {
    card_type: 'button_interaction',
    task_id: 'enrollment-1',
    button_list: [{ text: '去学习', key: 'go' }],
  };

  it('are read in the inbox', async () => {
    await text('恭喜完成');
    const textcard = { title: '证书', description: '已签发', url: 'https://lms.example.test/x' };
    await send({ msgtype: 'textcard', textcard, touser: `${account(0)}|${account(1)}` });
    await card();
    expect(sandbox.wecom.inbox().map((message) => [message.account, message.text])).toEqual([
      [account(0), '恭喜完成'],
      [account(0), '证书\n已签发'],
      [account(1), '证书\n已签发'],
      [account(0), '安全培训\n请于周五前完成\n截止: 2026-02-01'],
    ]);
  });

  it('to departments and tags; what is unknown is named', async () => {
    sandbox.wecom.putTag(5, '讲师', { users: [account(3)] });
    const answer = await text('通知', { touser: '', toparty: '2|99', totag: '5|6' });
    expect(answer).toMatchObject({ errcode: 0, invalidparty: '99', invalidtag: '6' });
    expect(sandbox.wecom.messages.at(-1)?.recipients).toContain(account(3));
    expect((await text('通知', { touser: '@all' })).errcode).toBe(0);
    expect(sandbox.wecom.messages.at(-1)?.recipients).toHaveLength(40);
    expect((await text('x', { touser: Array(1001).fill('a').join('|') })).errcode).toBe(40032);
    expect((await text('x', { toparty: Array(101).fill('1').join('|') })).errcode).toBe(40058);
  });

  it('texts are cut to 2048 bytes without breaking a character', async () => {
    await text('培'.repeat(700));
    expect(sandbox.wecom.messages[0]?.content).toEqual({ text: { content: '培'.repeat(682) } });
    expect((await text('')).errcode).toBe(40063);
  });

  it('textcards need a title, a description and a URL with its scheme', async () => {
    const good = { title: '标题', description: '说明', url: 'https://lms.example.test/' };
    const textcard = (change: Json): Promise<Answer> =>
      send({ msgtype: 'textcard', textcard: { ...good, ...change } });
    expect((await textcard({ title: '' })).errcode).toBe(40063);
    expect((await textcard({ description: undefined })).errcode).toBe(40063);
    expect((await textcard({ url: 'lms.example.test' })).errcode).toBe(40058);
    expect((await textcard({ url: `https://lms.example.test/${'x'.repeat(2048)}` })).errcode).toBe(40058);
    expect((await textcard({ btntxt: '马上去学习' })).errcode).toBe(40058);
    const shown = (): unknown => (sandbox.wecom.messages.at(-1)?.content.textcard as Json).description;
    await textcard({ description: '长'.repeat(600) });
    expect(shown()).toBe('长'.repeat(512));
    sandbox.wecom.setFacts({ textcardUnit: 'bytes' });
    await textcard({ description: '长'.repeat(600) });
    expect(shown()).toBe('长'.repeat(170));
    sandbox.wecom.setFacts({ overlongCardText: 'refused' });
    expect((await textcard({ description: '长'.repeat(600) })).errcode).toBe(45002);
  });

  it('the same one twice is dropped while the check lasts', async () => {
    const check = { enable_duplicate_check: 1 };
    const first = await text('提醒', check);
    expect((await text('提醒', check)).msgid).toBe(first.msgid);
    expect((await text('提醒', { ...check, touser: account(1) })).msgid).not.toBe(first.msgid);
    expect(sandbox.wecom.messages).toHaveLength(2);
    sandbox.wecom.setFacts({ duplicateMsgid: 'own' });
    expect((await text('提醒', check)).msgid).not.toBe(first.msgid);
    now += 1_800_000;
    await text('提醒', check);
    await text('提醒');
    expect(sandbox.wecom.messages).toHaveLength(4);
    expect((await text('提醒', { ...check, duplicate_check_interval: 14_401 })).errcode).toBe(40058);
  });

  it('more than a member may get are dropped without a word, more than a company may send are refused', async () => {
    for (let count = 0; count < 31; count += 1) expect((await text(`第${count}条`)).errcode).toBe(0);
    expect(sandbox.wecom.inbox()).toHaveLength(30);
    now += 60_000;
    await text('又一条');
    expect(sandbox.wecom.inbox()).toHaveLength(31);
    sandbox.wecom.setLimits({ perMinute: 1 });
    const all = { touser: '@all' };
    for (let count = 0; count < 199; count += 1) await text('全员', all);
    expect((await text('全员', all)).errcode).toBe(45009);
  });

  it.each([
    [40058, { card_type: 'notice' }],
    [40063, { main_title: undefined }],
    [40063, { card_action: undefined }],
    [40058, { card_action: { type: 1, url: '/c/1' } }],
    [40058, { card_action: { type: 2 } }],
    [40058, { horizontal_content_list: Array(7).fill({ keyname: 'a', value: 'b' }) }],
    [40058, { jump_list: Array(4).fill({ title: 'a' }) }],
    [40058, { task_id: '报名/1' }],
    [40063, { action_menu: { desc: '更多' } }],
    [40063, { card_type: 'button_interaction' }],
    [40063, { card_type: 'button_interaction', task_id: 't1' }],
  ] as [number, Json][])('cards: %i for %j', async (code, change) => {
    expect((await card(change)).errcode).toBe(code);
    expect(sandbox.wecom.messages).toEqual([]);
  });

  it('cards stand for to-dos: open, done when updated, gone when taken back', async () => {
    const receiver = await appReceiver();
    expect((await card(buttons)).errcode).toBe(40058);
    await sandbox.wecom.setAppCallback({ url: receiver.url });
    const answer = await card(buttons, { touser: `${account(0)}|${account(1)}` });
    const states = (): unknown =>
      sandbox.wecom.todos().map((todo) => [todo.account, todo.title, todo.status]);
    expect(states()).toEqual([
      [account(0), '安全培训', 'open'],
      [account(1), '安全培训', 'open'],
    ]);
    expect(sandbox.wecom.todos()[0]?.url).toBe('https://lms.example.test/c/1');
    const update = (change: object): Promise<Answer> =>
      send(
        { userids: [account(0)], button: { replace_name: '已完成' }, ...change },
        'message/update_template_card',
      );
    expect((await update({ response_code: 'made-up' })).errcode).toBe(60140);
    expect((await update({ response_code: answer.response_code, userids: [] })).errcode).toBe(40063);
    expect((await update({ response_code: answer.response_code, button: {} })).errcode).toBe(40063);
    expect((await update({ response_code: answer.response_code })).errcode).toBe(0);
    expect(states()).toEqual([
      [account(0), '安全培训', 'done'],
      [account(1), '安全培训', 'open'],
    ]);
    expect((await update({ response_code: answer.response_code })).errcode).toBe(60140);
    sandbox.wecom.pressCard(String(answer.msgid), account(1), 'go');
    await sandbox.wecom.idle();
    expect(receiver.texts('FromUserName')).toEqual([account(1)]);
    expect([receiver.texts('EventKey'), receiver.texts('TaskId')]).toEqual([['go'], ['enrollment-1']]);
    const [code] = receiver.texts('ResponseCode');
    const replacement = notice({ main_title: { title: '已完成' } });
    const atall = { response_code: code, userids: [], atall: 1, template_card: replacement };
    expect((await update(atall)).errcode).toBe(0);
    expect(states()).toEqual([
      [account(0), '已完成', 'done'],
      [account(1), '已完成', 'done'],
    ]);
    expect((await send({ msgid: answer.msgid }, 'message/recall')).errcode).toBe(0);
    expect(states()).toEqual([
      [account(0), '已完成', 'removed'],
      [account(1), '已完成', 'removed'],
    ]);
    expect(sandbox.wecom.inbox()).toEqual([]);
    await receiver.close();
  });

  it('a response code lasts 72 hours; notices have none', async () => {
    const receiver = await appReceiver();
    await sandbox.wecom.setAppCallback({ url: receiver.url });
    const { response_code: code } = await card(buttons);
    now += 72 * 3_600_000;
    caller.forget();
    const late = { response_code: code, userids: [account(0)], button: { replace_name: 'x' } };
    expect((await send(late, 'message/update_template_card')).errcode).toBe(60140);
    expect(await card({ task_id: 't-2' })).not.toHaveProperty('response_code');
    await receiver.close();
  });

  it('task ids are used once', async () => {
    expect((await card({ task_id: 'enrollment-1' })).errcode).toBe(0);
    expect((await card({ task_id: 'enrollment-1' })).errcode).toBe(40058);
  });

  it('are taken back within a day, by the app that sent them', async () => {
    const { msgid } = await text('发错了');
    expect((await send({ msgid: 'none' }, 'message/recall')).errcode).toBe(40058);
    now += 24 * 3_600_000;
    caller.forget();
    expect((await send({ msgid }, 'message/recall')).errcode).toBe(42052);
  });

  describe('member tags', () => {
    const tag = (name: string, body: object): Promise<Answer> => caller.app(`tag/${name}`, body);

    it('are filled by whoever made them; who is bad is named in two forms', async () => {
      const made = await tag('create', { tagname: '已通过安全培训' });
      expect(made).toMatchObject({ errmsg: 'created', tagid: 1 });
      const mixed = await tag('addtagusers', {
        tagid: made.tagid,
        userlist: [account(0), 'No.Body', 'x'],
        partylist: [2, 99],
      });
      expect(mixed).toEqual({ errcode: 0, errmsg: 'ok', invalidlist: 'No.Body|x', invalidparty: [99] });
      const shown = await caller.app(`tag/get?tagid=${String(made.tagid)}`);
      expect(shown).toMatchObject({ userlist: [{ userid: account(0) }], partylist: [2] });
      expect((await tag('addtagusers', { tagid: made.tagid, userlist: ['x'] })).errcode).toBe(40070);
      expect((await tag('addtagusers', { tagid: made.tagid })).errcode).toBe(40063);
      expect((await tag('deltagusers', { tagid: made.tagid, userlist: [account(0)] })).errcode).toBe(0);
      expect((await caller.app(`tag/get?tagid=${String(made.tagid)}`)).userlist).toEqual([]);
      const foreign = { tagid: made.tagid, userlist: [account(0)] };
      expect((await caller.contacts('tag/addtagusers', foreign)).errcode).toBe(81011);
    });

    it('of an administrator belong to contacts sync too, and to no app', async () => {
      sandbox.wecom.putTag(7, '讲师', { users: [account(0)] });
      expect((await tag('addtagusers', { tagid: 7, userlist: [account(1)] })).errcode).toBe(81011);
      expect((await caller.contacts('tag/addtagusers', { tagid: 7, userlist: [account(1)] })).errcode).toBe(
        0,
      );
      expect((await tag('addtagusers', { tagid: 8, userlist: [account(1)] })).errcode).toBe(40068);
    });

    it('have names of their own', async () => {
      const { tagid } = await tag('create', { tagname: '讲师', tagid: 30 });
      expect(tagid).toBe(30);
      expect((await tag('create', { tagname: '讲师' })).errcode).toBe(40071);
      expect((await tag('create', { tagname: '长'.repeat(33) })).errcode).toBe(40072);
      expect(await tag('update', { tagid, tagname: '内训师' })).toMatchObject({ errmsg: 'updated' });
      expect((await caller.app('tag/list')).taglist).toEqual([{ tagid: 30, tagname: '内训师' }]);
      expect((await caller.app(`tag/delete?tagid=30`)).errmsg).toBe('deleted');
      expect((await caller.app('tag/list')).taglist).toEqual([]);
    });

    it('carry whom an app sees', async () => {
      sandbox.wecom.putTag(7, '讲师', { users: [account(0)] });
      sandbox.wecom.setVisibleRange({ tags: [7] });
      expect((await caller.app(`user/get?userid=${account(1)}`)).errcode).toBe(60011);
      await caller.contacts('tag/addtagusers', { tagid: 7, userlist: [account(1)] });
      expect((await caller.app(`user/get?userid=${account(1)}`)).errcode).toBe(0);
    });
  });
});
