import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/index.js';
import { allPages, callback, RecordedPlatform } from '../recorded-platform.js';
import connector from './connector.js';
import { config, send } from './recordings.js';

const { events, tasks, todos, results } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

describe('WeCom work on paper', () => {
  it('verifies its URL and decodes changes (vectors S1 and S2 of the sheet)', async () => {
    const context = platform.context();
    const echo = encodeURIComponent(
      'Q3stYC6hdFzMh9T8HCvyDNRwWPBXIScmjRHCtyi/GyYqYDp/aTHZ81X2ESt8llngRtVYvmkRGmn9j2O6yqL2oQ==',
    );
    const verify = `msg_signature=ddec6ee3e85bfe13ee1c590371f80d2acaf3cc9b&timestamp=1767225600&nonce=1122334455&echostr=${echo}`;
    expect(await events.receive(context, callback('', verify, {}, 'GET'))).toMatchObject({
      reply: { status: 200, body: '5927401836602715' },
      events: [],
    });

    const encrypted =
      'DpQeJfnf/MGZ/+GTIspwVECO+FjOm+doA906ehkyRaXIuR8JAm+3qjY3aLTg1TsmaupXiTLlRofSafMMg22/IsfOq//jy5/FbxN890ltEMpZKi4FvSg3pzrnXRdoG94FKczOGKnd1lR7mbDpi8d39SzqE/QItJeWdq/qG1dKtRLU7GytX8KMZzmYnh6N8UQlk2IdNVcMVo9XwDt78SaGYPnKZyF+EgKS6WrdlhPvbZJurB6S/n6uxJIF4CMvfddwYu4tYL1cLx8HdxRaArq8eht0YF/P0S/a+akW5fdEA1awMNkzwf3dYMfslPksyuWg+wp1hl2hdgbX9ulqyVI94PgEe2cdLqEhWHOy1KFunmuAIcu1+kA92NYbtqafWsrEkKRhM2cc721Y7aLyeqrIP1cHMupE9QrYlzYHHgkDI011F1rmuFyWzd8qig+nEiwSl4ZruYDYZ6cDH2At1/TkmQkAxgtDDOYS1qcq+HKUT4j0XFkUNN+x3OgDCiLOUw6PMVLe/S4uRb24PgrKn/eR95R5bxUWDTA2vh16b9V7RE4=';
    const query = (signature: string): string =>
      `msg_signature=${signature}&timestamp=1767225600&nonce=987654321`;
    const body = `<xml><ToUserName><![CDATA[wwsim0123456789ab]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
    const received = await events.receive(
      context,
      callback(body, query('f51bcde95799c3d5259c80ffa248918a2e226d70')),
    );
    expect(received.events).toMatchObject([{ kind: 'user.changed', ids: ['lin.mei'], time: 1767225600000 }]);
    await expect(
      events.receive(context, callback(body, query('f51bcde95799c3d5259c80ffa248918a2e226d71'))),
    ).rejects.toMatchObject({ code: 'auth_failed' });
  });

  it('lists approvals by number in windows of a month, and reads the form of one', async () => {
    const window = (from: number, until: number, cursor = ''): JsonObject => ({
      starttime: String(from),
      endtime: String(until),
      new_cursor: cursor,
      size: 100,
      filters: [],
    });
    const since = 1_764_600_000;
    const now = 1_767_226_500;
    const context = platform.expects(
      // A page may be empty and still not the last.
      send('oa/getapprovalinfo', window(since, since + 30 * 86_400), {
        sp_no_list: [],
        new_next_cursor: 'k2',
      }),
      send('oa/getapprovalinfo', window(since, since + 30 * 86_400, 'k2'), { sp_no_list: ['202512010001'] }),
      send('oa/getapprovalinfo', window(since + 30 * 86_400, now), { sp_no_list: ['202601010007'] }),
      send(
        'oa/getapprovaldetail',
        { sp_no: '202601010007' },
        {
          info: {
            sp_no: '202601010007',
            sp_name: '外训申请',
            sp_status: 2,
            template_id: 'SimTemplateAAAA',
            apply_time: 1767226000,
            applyer: { userid: 'lin.mei', partyid: '2' },
            apply_data: {
              contents: [
                {
                  control: 'Text',
                  id: 'Text-1',
                  title: [{ text: '课程', lang: 'zh_CN' }],
                  value: { text: '消防安全' },
                },
              ],
            },
          },
        },
      ),
    );
    const listed = await allPages((cursor) => tasks.list(context, { since: since * 1_000, cursor }));
    expect(listed).toEqual([{ externalId: '202512010001' }, { externalId: '202601010007' }]);
    expect(await tasks.get(context, { externalIds: ['202601010007'] })).toMatchObject([
      {
        status: 'found',
        record: {
          kind: 'SimTemplateAAAA',
          status: 'approved',
          applicantExternalId: 'lin.mei',
          form: { 课程: { text: '消防安全' } },
          updatedAt: '2026-01-01T00:06:40.000Z',
        },
      },
    ]);
    platform.done();
  });

  it('sends a card for a to-do, and says that it cannot be closed', async () => {
    const context = platform.expects(
      send(
        'message/send',
        {
          touser: 'lin.mei',
          msgtype: 'template_card',
          agentid: 1000002,
          template_card: {
            card_type: 'text_notice',
            task_id: 'enr_1',
            main_title: { title: '消防安全' },
            card_action: { type: 1, url: 'https://lms.example/c/1' },
          },
          enable_duplicate_check: 1,
          duplicate_check_interval: 14_400,
        },
        { msgid: 'm1' },
      ),
    );
    const todo = {
      key: 'enr_1',
      recipientExternalId: 'lin.mei',
      recipientExternalIds: [],
      title: '消防安全',
      url: 'https://lms.example/c/1',
    };
    expect(await todos.upsert(context, { items: [todo] })).toEqual([
      { key: 'enr_1', status: 'done', externalRef: 'm1' },
    ]);
    const closing = {
      key: 'enr_1',
      externalRef: 'm1',
      recipientExternalId: 'lin.mei',
      outcome: 'completed' as const,
    };
    expect(await todos.close(context, { items: [closing] })).toMatchObject([
      { key: 'enr_1', status: 'skipped' },
    ]);
    platform.done();
  });

  it('tags members in one call and customers per owner', async () => {
    const context = platform.expects(
      send('tag/addtagusers', { tagid: 12, userlist: ['lin.mei', 'Chen.Bo'] }, { invalidlist: 'chen.bo' }),
      send('externalcontact/mark_tag', { userid: 'lin.mei', external_userid: 'wm1', add_tag: ['12'] }, {}),
      send('externalcontact/mark_tag', { userid: 'zhao.qi', external_userid: 'wm1', add_tag: ['12'] }, {}),
    );
    const item = (
      key: string,
      externalId: string,
      kind: 'user' | 'customer' = 'user',
      ownerExternalIds?: string[],
    ) => ({ key, recipient: { kind, externalId, externalIds: [], ownerExternalIds }, event: {}, text: '' });
    expect(
      await results.report(context, {
        action: 'tag',
        options: { tagId: '12' },
        items: [
          item('a', 'lin.mei'),
          item('b', 'Chen.Bo'),
          item('c', 'wm1', 'customer', ['lin.mei', 'zhao.qi']),
        ],
      }),
    ).toMatchObject([
      { key: 'a', status: 'done' },
      { key: 'b', status: 'failed', error: { code: 'not_found' } },
      { key: 'c', status: 'done' },
    ]);
    platform.done();
  });
});
