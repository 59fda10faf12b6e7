import { beforeEach, describe, expect, it } from 'vitest';
import { capabilitiesOf, type JsonObject } from '../../../src/index.js';
import { allPages, RecordedPlatform, type Recording } from '../recorded-platform.js';
import connector from './connector.js';
import { config, read, send } from './recordings.js';

const { directory, customers, identity } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

// A member of a restricted app: no mobile, no email, no avatar, and the keys are absent (sheet 2.2).
const linMei = {
  userid: 'lin.mei',
  name: '林梅',
  department: [2, 7],
  order: [100, 0],
  is_leader_in_dept: [1, 0],
  main_department: 2,
  direct_leader: ['zhao.qi'],
  position: '培训专员',
  status: 1,
  enable: 1,
  extattr: { attrs: [{ type: 0, name: '工号', text: { value: 'E-1042' } }] },
};
const zhaoQi = {
  userid: 'zhao.qi',
  name: '赵琪',
  department: [1],
  order: [9],
  is_leader_in_dept: [1],
  main_department: 1,
  direct_leader: [],
  position: '',
  status: 1,
};
const chenBo = {
  userid: 'Chen.Bo',
  name: '陈波',
  department: [7],
  order: [3],
  is_leader_in_dept: [0],
  main_department: 7,
  status: 4,
};

describe('WeCom on paper', () => {
  it('has every capability', () => {
    expect(capabilitiesOf(connector)).toEqual([
      'identity',
      'directory',
      'customers',
      'events',
      'tasks',
      'todos',
      'results',
    ]);
    expect(connector.tokens['app']?.apply({ method: 'GET', url: 'x', query: { a: 1 } }, 't')).toMatchObject({
      query: { a: 1, access_token: 't' },
    });
  });

  it('reads the company from two sources: attributes of the visible, ids of everybody', async () => {
    const context = platform.expects(
      read(
        'department/list',
        {},
        {
          department: [
            { id: 1, name: '新和科技', parentid: 0, order: 100000000, department_leader: ['zhao.qi'] },
            { id: 2, name: '销售部', parentid: 1, order: 200 },
            // Its parent is outside the visible range.
            { id: 7, name: '培训部', parentid: 5, order: 100 },
          ],
        },
      ),
      read('user/list', { department_id: '1' }, { userlist: [zhaoQi] }),
      read('user/list', { department_id: '2' }, { userlist: [linMei] }),
      read('user/list', { department_id: '7' }, { userlist: [linMei, chenBo] }),
      send(
        'user/list_id',
        { limit: 10_000 },
        {
          dept_user: [
            { userid: 'zhao.qi', department: 1 },
            { userid: 'lin.mei', department: 2 },
          ],
          next_cursor: 'n1',
        },
        'contacts',
      ),
      send(
        'user/list_id',
        { limit: 10_000, cursor: 'n1' },
        {
          dept_user: [
            { userid: 'lin.mei', department: 7 },
            { userid: 'Chen.Bo', department: 7 },
            { userid: 'out.of.range', department: 5 },
          ],
        },
        'contacts',
      ),
    );
    const departments = await allPages((cursor) => directory.listDepartments(context, { cursor }));
    expect(
      departments.map(({ externalId, parentExternalId, order }) => [externalId, parentExternalId, order]),
    ).toEqual([
      ['1', null, -100000000],
      ['2', '1', -200],
      ['7', '5', -100],
    ]);
    const users = [];
    for (const departmentId of ['1', '2', '7', null])
      users.push(...(await allPages((cursor) => directory.listUsers(context, { departmentId, cursor }))));
    platform.done();

    expect(users[1]).toEqual({
      externalId: 'lin.mei',
      displayName: '林梅',
      jobTitle: '培训专员',
      managerExternalId: 'zhao.qi',
      status: 'active',
      memberships: [
        { departmentId: '2', isLeader: true, isPrimary: true, order: -100 },
        { departmentId: '7', isLeader: false, isPrimary: false, order: -0 },
      ],
      raw: linMei,
    });
    // Empty is null, withheld is absent.
    expect(users[0]).toMatchObject({ jobTitle: null, managerExternalId: null });
    expect(users[1]).not.toHaveProperty('mobile');
    expect(users.find(({ externalId }) => externalId === 'Chen.Bo')).toMatchObject({ status: 'pending' });
    expect(users.at(-1)).toEqual({
      externalId: 'out.of.range',
      idOnly: true,
      memberships: [{ departmentId: '5' }],
      raw: { userid: 'out.of.range', department: 5 },
    });
  });

  it('tells what the app may see, and who an id is now', async () => {
    const context = platform.expects(
      read(
        'agent/get',
        { agentid: '1000002' },
        { allow_partys: { partyid: [7, 2] }, allow_userinfos: { user: [{ userid: 'zhao.qi' }] } },
      ),
      read('user/get', { userid: 'lin.mei' }, { ...linMei }),
      {
        ...read('user/get', { userid: 'left.or.hidden' }, {}),
        answer: { errcode: 60111, errmsg: 'userid not found' },
      },
      {
        ...read('user/get', { userid: 'out.of.range' }, {}),
        answer: { errcode: 60011, errmsg: 'no privilege to access/modify contact/party/agent' },
      },
    );
    expect((await directory.visibility(context)).grants).toEqual([
      'department:2',
      'department:7',
      'user:zhao.qi',
    ]);
    expect(
      (await directory.getUsers(context, { externalIds: ['lin.mei', 'left.or.hidden', 'out.of.range'] })).map(
        ({ status }) => status,
      ),
    ).toEqual(['found', 'unknown', 'notVisible']);
    platform.done();
  });

  it('without the contacts secret the second source is empty, and that is no error', async () => {
    const { contactsSecret: _none, ...bare } = config;
    const page = await directory.listUsers(new RecordedPlatform(connector, bare).context(), {
      departmentId: null,
      cursor: null,
    });
    expect(page).toEqual({ items: [], rejected: [], cursor: null, done: true });
  });

  it('lists customers one row per owner, and reads one whole', async () => {
    const contact = {
      external_userid: 'wmSimAAAAexternal0001',
      name: '周先生',
      type: 1,
      unionid: 'ozynqsulJFCZ2z1aYeS8h-nuasdAAA',
    };
    const context = platform.expects(
      read('externalcontact/get_follow_user_list', {}, { follow_user: ['zhao.qi', 'lin.mei'] }),
      send(
        'externalcontact/batch/get_by_user',
        { userid_list: ['lin.mei', 'zhao.qi'], limit: 100 },
        {
          external_contact_list: [
            { external_contact: contact, follow_info: { userid: 'lin.mei', tag_id: ['etSimTag0001'] } },
          ],
          next_cursor: 'c2',
        },
      ),
      read('externalcontact/get_follow_user_list', {}, { follow_user: ['zhao.qi', 'lin.mei'] }),
      send(
        'externalcontact/batch/get_by_user',
        { userid_list: ['lin.mei', 'zhao.qi'], limit: 100, cursor: 'c2' },
        {
          external_contact_list: [
            { external_contact: contact, follow_info: { userid: 'zhao.qi', tag_id: [] } },
          ],
          next_cursor: '',
        },
      ),
      read(
        'externalcontact/get',
        { external_userid: contact.external_userid },
        {
          external_contact: contact,
          follow_user: [
            {
              userid: 'lin.mei',
              tags: [{ group_name: '课程', tag_name: '已报名', type: 1, tag_id: 'etSimTag0001' }],
            },
            { userid: 'zhao.qi', tags: [] },
          ],
        },
      ),
    );
    const rows = await allPages((cursor) => customers.list?.(context, { cursor }) ?? expect.fail('no list'));
    expect(rows.map(({ externalId, ownerExternalIds }) => [externalId, ownerExternalIds])).toEqual([
      [contact.external_userid, ['lin.mei']],
      [contact.external_userid, ['zhao.qi']],
    ]);
    const [found] = await customers.get(context, { externalIds: [contact.external_userid] });
    expect(found).toMatchObject({
      status: 'found',
      record: {
        displayName: '周先生',
        ownerExternalIds: ['lin.mei', 'zhao.qi'],
        tags: [{ id: 'etSimTag0001', name: '已报名', group: '课程' }],
        externalIds: [{ type: 'unionid' }],
      },
    });
    platform.done();
  });

  it('logs in employees, customers and strangers', async () => {
    const exchange = (answer: JsonObject): Recording => read('auth/getuserinfo', { code: 'CODE' }, answer);
    const context = platform.expects(
      exchange({ userid: 'lin.mei' }),
      exchange({ openid: 'oX', external_userid: 'wm1' }),
      exchange({ openid: 'oY' }),
    );
    const login = () =>
      identity.authenticate(context, {
        query: { code: 'CODE', state: 's' },
        redirectUri: 'https://bridge.example/x',
        mode: 'inApp',
      });
    expect([await login(), await login(), await login()]).toMatchObject([
      { kind: 'employee', externalId: 'lin.mei' },
      { kind: 'customer', externalId: 'wm1', externalIds: [{ type: 'openid', value: 'oX' }] },
      { kind: 'stranger', externalId: null },
    ]);
    const { url } = await identity.authorizationUrl(context, {
      redirectUri: 'https://bridge.example/x?y=1',
      state: 'abc',
      mode: 'inApp',
    });
    expect(url).toMatch(
      /^https:\/\/open\.weixin\.qq\.com\/connect\/oauth2\/authorize\?appid=wwsim.*redirect_uri=https%3A%2F%2Fbridge.example%2Fx%3Fy%3D1.*#wechat_redirect$/,
    );
    platform.done();
  });
});
