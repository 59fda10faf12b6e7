import type { Figures } from './lane.js';
import { count, note, seconds, table, title } from './screen.js';
import type { Story } from './story.js';

export interface ReportPlace {
  sandboxUrl: string;
  hostUrl: string;
  adminToken: string;
  totalMs: number;
  serving: boolean;
}

/** What a manager wants to know: what came in, what went out, how long it took, where to look next. */
export function printReport(story: Story, place: ReportPlace): void {
  const { lanes, outcome } = story;
  title('报告', 'Report');
  table([
    ['', ...lanes.map(({ name }) => `${name.zh} ${name.en}`)],
    ...rows.map(([label, cell]) => [label, ...lanes.map(({ figures }) => cell(figures) ?? '✘')]),
  ]);
  note(
    '钉钉不区分“已停用”的成员，他们计入在职人数；飞书的根节点不是部门。',
    'DingTalk knows no suspended members, who count as at work there; the root of Feishu is no department.',
  );
  console.log('');
  table([
    ['接收的学习事件 Learning events accepted', `${count(outcome.accepted)} · ${seconds(outcome.acceptMs)}`],
    [
      '验签通过并送达 LMS  Delivered to the LMS',
      `${count(outcome.delivered)} · ${seconds(outcome.deliveryMs)}`,
    ],
    ['丢失 / 重复 Lost / duplicated', `${count(outcome.lost)} / ${count(outcome.duplicates)}`],
    ['总用时 Altogether', seconds(place.totalMs)],
  ]);
  console.log(
    story.ok
      ? '\n  全部步骤成功。 Every step succeeded.'
      : '\n  有步骤失败，见上。 Some step failed, see above.',
  );
  if (place.serving && story.ok) printNext(place);
}

const number = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : count(value);
const time = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : seconds(value);

/** A cell without a figure belongs to a step that failed, or was never reached. */
const rows: readonly (readonly [string, (figures: Figures) => string | undefined])[] = [
  ['通讯录在职人数 People at work', ({ people }) => number(people)],
  ['部门 Departments', ({ departments }) => number(departments)],
  ['首次同步 First sync', ({ firstSyncMs }) => time(firstSyncMs)],
  ['再次同步，无变化 Again, nothing new', ({ secondSyncMs }) => time(secondSyncMs)],
  [
    '入职、调岗、离职 Joiner, mover, leaver',
    ({ changesMs }) => (changesMs?.length === 3 ? changesMs.map(seconds).join(', ') : undefined),
  ],
  ['OpenID 登录 Login', ({ loginMs }) => time(loginMs)],
  ['审批通过 → 待办 Approval → to-do', ({ todoMs }) => time(todoMs)],
  [
    '学完 → 消息 Completed → messages',
    ({ messages, messagesDue = 0 }) =>
      messages === undefined ? undefined : `${count(messages)} / ${count(messagesDue)}`,
  ],
  ['学完 → 待办关闭 Completed → to-do closed', ({ closedMs }) => time(closedMs)],
  ['接口调用 API calls', ({ calls }) => number(calls)],
];

function printNext({ sandboxUrl, hostUrl, adminToken }: ReportPlace): void {
  title('接下来', 'Where to look next');
  table([
    ['沙箱页面：改动人员、提交审批、制造故障 Sandbox', sandboxUrl],
    ['API 文档 API docs', `${hostUrl}/docs`],
    ['管理令牌 Admin token', adminToken],
  ]);
  console.log(`
  curl -H "Authorization: Bearer ${adminToken}" "${hostUrl}/api/v1/users?limit=2"
  curl -H "Authorization: Bearer ${adminToken}" "${hostUrl}/api/v1/enrollments"
  curl -H "Authorization: Bearer ${adminToken}" "${hostUrl}/api/v1/deliveries?limit=1"

  按 Ctrl-C 结束。 Ctrl-C ends it.`);
}
