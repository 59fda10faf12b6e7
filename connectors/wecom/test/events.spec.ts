import type { PlatformEvent } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../src/events.js';
import { contactEvent } from './callback.js';

const read = (xml: string): PlatformEvent[] =>
  readEvents({ source: 'contacts', text: xml, bytes: Buffer.from(xml) }, 1_000);

const fullUser =
  '<Name><![CDATA[林梅]]></Name><Department><![CDATA[2,7]]></Department><MainDepartment>2</MainDepartment><IsLeaderInDept><![CDATA[1,0]]></IsLeaderInDept><DirectLeader><![CDATA[zhao.qi]]></DirectLeader><Position><![CDATA[培训专员]]></Position><Mobile>13900001111</Mobile><Gender>2</Gender><Email><![CDATA[lin.mei@example.test]]></Email><BizMail><![CDATA[lin.mei@corp.example.test]]></BizMail><Status>4</Status><Avatar><![CDATA[https://img.example.test/a/0]]></Avatar><Telephone><![CDATA[021-5550100]]></Telephone><Address><![CDATA[上海]]></Address><ExtAttr><Item><Name><![CDATA[工号]]></Name><Type>0</Type><Text><Value><![CDATA[E-1042]]></Value></Text></Item></ExtAttr>';

/** ChangeType comes with and without CDATA (D-90970). */
const forms = [
  (type: string) => `<ChangeType>${type}</ChangeType>`,
  (type: string) => `<ChangeType><![CDATA[${type}]]></ChangeType>`,
];

describe.each(forms)('contact events, form %#', (change) => {
  const told = (type: string, fields: string) => {
    const [event, ...rest] = read(contactEvent(change(type) + fields));
    expect(rest).toEqual([]);
    return { kind: event?.kind, ids: event?.ids, previousId: event?.previousId };
  };
  const user = '<UserID><![CDATA[lin.mei]]></UserID>';

  it.each([
    ['create_user', `${user}<Department><![CDATA[2,7]]></Department>`, 'user.changed', ['lin.mei']],
    ['create_user', user + fullUser, 'user.changed', ['lin.mei']],
    ['update_user', `${user}<Department><![CDATA[7]]></Department>`, 'user.changed', ['lin.mei']],
    ['update_user', `${user}<Position><![CDATA[经理]]></Position>`, 'user.changed', ['lin.mei']],
    ['update_user', `${user}<NewUserID></NewUserID>`, 'user.changed', ['lin.mei']],
    ['delete_user', user, 'user.left', ['lin.mei']],
    [
      'create_party',
      '<Id>31</Id><Name><![CDATA[华东门店]]></Name><ParentId><![CDATA[7]]></ParentId><Order>300</Order>',
      'department.changed',
      ['31'],
    ],
    ['create_party', '<Id>31</Id><ParentId><![CDATA[7]]></ParentId>', 'department.changed', ['31']],
    ['update_party', '<Id>31</Id><ParentId><![CDATA[2]]></ParentId>', 'department.changed', ['31']],
    ['delete_party', '<Id>31</Id>', 'department.removed', ['31']],
  ])('%s → %s', (type, fields, kind, ids) => {
    expect(told(type, fields)).toEqual({ kind, ids, previousId: undefined });
  });

  it('a changed userid is a rename: the new id, and the old one beside it', () => {
    expect(
      told('update_user', '<UserID><![CDATA[wo9f3c21]]></UserID><NewUserID><![CDATA[chen.bo]]></NewUserID>'),
    ).toEqual({
      kind: 'user.renamed',
      ids: ['chen.bo'],
      previousId: 'wo9f3c21',
    });
  });

  it.each([
    ['create_user', ''],
    ['delete_party', ''],
    ['something_new', user],
  ])('%s that names nobody, or is unknown, is kept as other', (type, fields) => {
    expect(told(type, fields)).toEqual({ kind: 'other', ids: [], previousId: undefined });
  });
});

describe('tags', () => {
  const tag = (lists: string) =>
    read(contactEvent(`<ChangeType>update_tag</ChangeType><TagId>12</TagId>${lists}`));

  it('people are looked at again, departments change what the app sees', () => {
    const told = tag(
      '<AddUserItems><![CDATA[lin.mei,zhao.qi]]></AddUserItems><DelUserItems><![CDATA[old.user]]></DelUserItems><AddPartyItems><![CDATA[7]]></AddPartyItems><DelPartyItems><![CDATA[31]]></DelPartyItems>',
    );
    expect(told.map(({ kind, ids }) => [kind, ids])).toEqual([
      ['user.changed', ['lin.mei', 'zhao.qi', 'old.user']],
      ['visibility.changed', ['7', '31']],
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(2);
  });

  it('lists may be absent or empty', () => {
    expect(tag('<AddUserItems><![CDATA[lin.mei]]></AddUserItems>').map(({ kind }) => kind)).toEqual([
      'user.changed',
    ]);
    expect(
      tag('<AddUserItems></AddUserItems><DelPartyItems><![CDATA[31]]></DelPartyItems>').map(
        ({ kind }) => kind,
      ),
    ).toEqual(['visibility.changed']);
    expect(tag('<AddUserItems></AddUserItems>').map(({ kind }) => kind)).toEqual(['other']);
  });
});

describe('customers', () => {
  const told = (changeType: string, fields = '') =>
    read(
      `<xml><ToUserName><![CDATA[wwsim0123456789ab]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1767226000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[${changeType}]]></ChangeType><UserID><![CDATA[lin.mei]]></UserID><ExternalUserID><![CDATA[wmSimAAAAexternal0001]]></ExternalUserID>${fields}</xml>`,
    );

  it.each([
    [
      'add_external_contact',
      '<State><![CDATA[class-2026a]]></State><WelcomeCode><![CDATA[WC_sim_1]]></WelcomeCode>',
      'customer.changed',
    ],
    ['add_half_external_contact', '', 'customer.changed'],
    ['edit_external_contact', '<State><![CDATA[class-2026a]]></State>', 'customer.changed'],
    // The customer left the member, the member still has the customer.
    ['del_follow_user', '', 'customer.changed'],
    // A hint to look: another member may still have them.
    ['del_external_contact', '', 'customer.removed'],
    ['del_external_contact', '<Source><![CDATA[DELETE_BY_TRANSFER]]></Source>', 'customer.changed'],
  ])('%s %s → %s', (changeType, fields, kind) => {
    expect(told(changeType, fields)).toMatchObject([
      { kind, ids: ['wmSimAAAAexternal0001'], time: 1_767_226_000_000, data: { userID: 'lin.mei' } },
    ]);
  });

  it.each(['transfer_fail', 'msg_audit_approved', 'something_new'])('%s is kept as other', (changeType) => {
    expect(told(changeType)).toMatchObject([{ kind: 'other', ids: [] }]);
  });

  it('two members who remove one customer in one second are two events', () => {
    const [first] = told('del_external_contact');
    const [second] = told('del_external_contact', '<AgentID>1</AgentID>');
    expect(first?.key).not.toBe(second?.key);
  });

  it('a welcome code is good for sending, and is not kept', () => {
    const text = JSON.stringify(
      told('add_external_contact', '<WelcomeCode><![CDATA[WC_sim_1]]></WelcomeCode>'),
    );
    expect(text).not.toContain('WC_sim_1');
  });

  it('a customer tag that changed is kept as other', () => {
    expect(
      read(
        '<xml><CreateTime>1767226041</CreateTime><MsgType>event</MsgType><Event>change_external_tag</Event><Id>etSimGroup01</Id><StrategyId>1</StrategyId><ChangeType>shuffle</ChangeType></xml>',
      ),
    ).toMatchObject([{ kind: 'other', ids: [], data: { id: 'etSimGroup01' } }]);
  });
});

describe('approvals', () => {
  const told = (info: string, event = 'sys_approval_change') =>
    read(
      `<xml><FromUserName>sys</FromUserName><CreateTime>1767226100</CreateTime><MsgType>event</MsgType><Event>${event}</Event><AgentID>3010040</AgentID>${info}</xml>`,
    );

  it('the older form has the number only', () => {
    const info =
      '<ApprovalInfo><SpNo>202601010007</SpNo><SpStatus>1</SpStatus><StatuChangeEvent>1</StatuChangeEvent></ApprovalInfo>';
    expect(told(info)).toMatchObject([
      { kind: 'task.changed', ids: ['202601010007'], data: { spStatus: '1', statuChangeEvent: '1' } },
    ]);
  });

  it.each(['', '<ApprovalInfo></ApprovalInfo>', '<ApprovalInfo>x</ApprovalInfo>'])(
    'without a number (%j) is kept as other',
    (info) => {
      expect(told(info)).toMatchObject([{ kind: 'other', ids: [] }]);
    },
  );

  it('one of the engine inside other apps has no number here, and is kept as other', () => {
    const info =
      '<ApprovalInfo><ThirdNo>lms-0001</ThirdNo><OpenSpStatus>2</OpenSpStatus><ApplyUserName>林梅</ApplyUserName></ApprovalInfo>';
    const [event] = told(info, 'open_approval_change');
    expect(event).toMatchObject({ kind: 'other', data: { thirdNo: 'lms-0001' } });
    expect(JSON.stringify(event)).not.toContain('林梅');
  });

  it('keeps nothing of what approvers wrote', () => {
    const info =
      '<ApprovalInfo><SpNoStr>1</SpNoStr><SpRecord><Details><Speech>同意</Speech></Details></SpRecord><SpRecord><Details><Speech>好</Speech></Details></SpRecord></ApprovalInfo>';
    expect(JSON.stringify(told(info))).not.toMatch(/同意|好/);
  });
});

describe('other events', () => {
  const appEvent = (event: string) =>
    read(
      `<xml><ToUserName><![CDATA[ww]]></ToUserName><FromUserName><![CDATA[Lin.Mei]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event><AgentID>1000002</AgentID></xml>`,
    );

  it.each(['subscribe', 'unsubscribe'])('%s is a hint to look at the person, never a leave', (event) => {
    expect(appEvent(event)).toMatchObject([
      { kind: 'user.changed', ids: ['Lin.Mei'], data: { agentID: '1000002' } },
    ]);
  });

  it.each(['enter_agent', 'change_external_contact', 'batch_job_result', 'no_such_event'])(
    '%s is kept as other',
    (event) => {
      expect(appEvent(event)).toMatchObject([{ kind: 'other', ids: [], data: { event } }]);
    },
  );

  it('an approval keeps its number, which is larger than a number can be', () => {
    const [event] = read(
      '<xml><MsgType>event</MsgType><Event>sys_approval_change</Event><AgentID>3010040</AgentID><ApprovalInfo><SpNoStr><![CDATA[202601010007]]></SpNoStr><SpNo>90071992547409931</SpNo><SpStatus>2</SpStatus><Applyer><UserId>lin.mei</UserId></Applyer><StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo></xml>',
    );
    expect(event).toMatchObject({
      kind: 'task.changed',
      ids: ['202601010007'],
      data: { spNo: '90071992547409931', spNoStr: '202601010007', spStatus: '2' },
    });
  });

  it('without a time of its own the time it came counts', () => {
    expect(read('<xml><MsgType>event</MsgType><Event>x</Event></xml>')[0]?.time).toBe(1_000);
    expect(read('<xml><CreateTime>soon</CreateTime><Event>x</Event></xml>')[0]?.time).toBe(1_000);
  });
});

describe('what is kept of an event', () => {
  it('ids and states, no personal data', () => {
    const [event] = read(
      contactEvent(`<ChangeType>create_user</ChangeType><UserID>lin.mei</UserID>${fullUser}`),
    );
    expect(event?.data).toEqual({
      source: 'contacts',
      msgType: 'event',
      event: 'change_contact',
      changeType: 'create_user',
      userID: 'lin.mei',
      department: '2,7',
      status: '4',
    });
  });

  it('a userid of digits, or with spaces around it, stays text', () => {
    expect(read(contactEvent('<ChangeType>delete_user</ChangeType><UserID>007</UserID>'))[0]?.ids).toEqual([
      '007',
    ]);
    expect(
      read(contactEvent('<ChangeType>delete_user</ChangeType><UserID> lin.mei </UserID>'))[0]?.ids,
    ).toEqual(['lin.mei']);
  });

  it('hostile tag names reach nothing', () => {
    expect(() =>
      read(contactEvent('<__proto__><polluted>1</polluted></__proto__><ChangeType>x</ChangeType>')),
    ).toThrow();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
