import { attempt, say, type Attempt, type Finding } from '@trainbridge/connector-kit';
import { tokens, type VendorPage, type WecomContext } from '../api.js';
import { listIds, listMemberNames } from '../api/directory.js';
import { failed, tokenFinding } from './steps.js';
import { readIdRows } from '../directory/records.js';

/** What the app's visible range came to. */
export interface Seen {
  departmentIds: readonly string[];
  userIds: readonly string[];
}

const STEP = 'head-count';
/** Pages of 10,000 rows the head count reads at most. */
const MAX_PAGES = 20;
/** Departments it walks through at most when the id list is closed to it: each costs a call. */
const MAX_DEPARTMENTS = 60;

/** The contacts secret, and how many people there are. `seen` is null when the app could not be read. */
export async function checkContacts(context: WecomContext, seen: Seen | null): Promise<Finding[]> {
  if (context.config.contactsSecret) {
    const token = await attempt(() => tokens.contacts.fetch(context));
    const finding = tokenFinding('contacts-token', token, say('contacts-sync', '通讯录同步'));
    return token.ok ? [finding, await countCompany(context)] : [finding];
  }
  const finding: Finding = {
    step: 'contacts-token',
    ok: true,
    message: say(
      'No contacts-sync Secret: this connection cannot tell “left the company” from “no longer visible to the app”.',
      '未填写通讯录同步 Secret：无法区分“已离职”与“应用不可见”。',
    ),
    advice: say(
      'Recommended: admin console → Management Tools → Contacts Sync → enable the API, view the Secret and enter it as `contactsSecret`. Reading is enough; nothing is written.',
      '建议：管理后台 → 管理工具 → 通讯录同步 → 开启API接口同步，查看 Secret 并填入 `contactsSecret`。只需读取权限，不会写入。',
    ),
  };
  return seen ? [finding, await countVisible(context, seen)] : [finding];
}

async function countCompany(context: WecomContext): Promise<Finding> {
  const people = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && (pages === 0 || cursor !== null); pages += 1) {
    const at: string | null = cursor;
    const page: Attempt<VendorPage> = await attempt(() => listIds(context, at));
    if (!page.ok) return failed(STEP, page.error, 'The company cannot be counted.', '无法统计公司人数：');
    for (const { externalId } of readIdRows(page.value.rows).items) people.add(externalId.toLowerCase());
    cursor = page.value.next;
  }
  return counted(people.size, cursor === null, 'The company has', '公司共有');
}

async function countVisible(context: WecomContext, seen: Seen): Promise<Finding> {
  const people = new Set(seen.userIds.map((id) => id.toLowerCase()));
  for (const id of seen.departmentIds.slice(0, MAX_DEPARTMENTS)) {
    const names = await attempt(() => listMemberNames(context, id));
    if (!names.ok)
      return failed(STEP, names.error, 'The visible people cannot be counted.', '无法统计可见人数：');
    for (const { externalId } of readIdRows(names.value).items) people.add(externalId.toLowerCase());
  }
  return counted(people.size, seen.departmentIds.length <= MAX_DEPARTMENTS, 'The app sees', '应用可见');
}

function counted(people: number, complete: boolean, en: string, zh: string): Finding {
  return {
    step: STEP,
    ok: people > 0,
    message: say(
      `${en} ${complete ? '' : 'at least '}${people} people.`,
      `${zh}${complete ? ' ' : '至少 '}${people} 人。`,
    ),
    data: { people, complete },
  };
}
