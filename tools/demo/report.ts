import { count, seconds, table, title } from './screen.js';
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
  title('报告', 'Report');
  table([
    {
      zh: '通讯录在职人数',
      en: 'People at work',
      value: `${count(story.people)} (+ ${count(story.disabled)} disabled)`,
    },
    { zh: '部门', en: 'Departments', value: count(story.departments) },
    {
      zh: '首次同步',
      en: 'First sync',
      value: `${seconds(story.firstSyncMs)} (${count(story.created)} created)`,
    },
    {
      zh: '再次同步，无变化',
      en: 'Second sync, nothing new',
      value: `${seconds(story.secondSyncMs)} (${count(story.unchanged)} unchanged)`,
    },
    { zh: '入职、调岗、离职生效', en: 'Joiner, mover, leaver', value: story.changes.map(seconds).join(', ') },
    {
      zh: '接收的学习事件',
      en: 'Learning events accepted',
      value: `${count(story.eventsAccepted)} in ${seconds(story.acceptMs)}`,
    },
    {
      zh: '验签通过并送达',
      en: 'Delivered, signature good',
      value: `${count(story.delivered)} in ${seconds(story.deliveryMs)}`,
    },
    {
      zh: '丢失 / 重复',
      en: 'Lost / duplicated',
      value: `${count(story.lost)} / ${count(story.duplicates)}`,
    },
    { zh: '总用时', en: 'Altogether', value: seconds(place.totalMs) },
  ]);
  console.log(
    story.ok
      ? '\n  全部步骤成功。 Every step succeeded.'
      : '\n  有步骤失败，见上。 Some step failed, see above.',
  );
  if (!place.serving || !story.ok) return;
  title('接下来', 'Where to look next');
  table([
    { zh: '沙箱页面（改动人员、制造故障）', en: 'Sandbox', value: place.sandboxUrl },
    { zh: 'API 文档', en: 'API docs', value: `${place.hostUrl}/docs` },
    { zh: '管理令牌', en: 'Admin token', value: place.adminToken },
  ]);
  console.log(`
  curl -H "Authorization: Bearer ${place.adminToken}" "${place.hostUrl}/api/v1/users?limit=2"
  curl -H "Authorization: Bearer ${place.adminToken}" "${place.hostUrl}/api/v1/runs"
  curl -H "Authorization: Bearer ${place.adminToken}" "${place.hostUrl}/api/v1/deliveries?limit=1"

  按 Ctrl-C 结束。 Ctrl-C ends it.`);
}
