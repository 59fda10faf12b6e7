import {
  ConnectorError,
  isJsonObject,
  type CustomerRecord,
  type CustomersCapability,
  type JsonValue,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from './api.js';
import { getContact, listContacts, listLabelGroups, PAGE } from './api/customers.js';
import { unknownCursor } from './api/paging.js';
import type { DingtalkConfig } from './config.js';
import { lookUp } from './directory/lookups.js';
import { sorted, type Reading } from './directory/records.js';
import { UNKNOWN_USER } from './errors/codes.js';
import { departmentId, idOf, list, objects, text } from './values.js';

/** An id that cannot be one is said of contacts by this code as well. */
const UNKNOWN_CONTACT: ReadonlySet<string> = new Set([...UNKNOWN_USER, '40003']);
/** A million contacts; and as many label groups as anybody will make. */
const MAX_OFFSET = 1_000_000;
const MAX_LABEL_PAGES = 20;

/** External contacts (外部联系人). Their changes are told to third-party apps only, so a full run finds them. */
export const customers: CustomersCapability<DingtalkConfig> = {
  /** A page that is not full is the last: there is no total and no mark. */
  async list(context, { cursor }) {
    const { offset, first } = cursor === null ? { offset: 0, first: '' } : readCursor(cursor);
    const rows = await listContacts(context, offset);
    const begins = isJsonObject(rows[0]) ? (idOf(rows[0].userid) ?? '') : '';
    const done = rows.length < PAGE;
    if ((!done && begins !== '' && begins === first) || offset >= MAX_OFFSET) {
      throw new ConnectorError('bad_response', 'extcontact/list sends the same page again and again.');
    }
    const labels = await labelsOf(context, rows);
    return {
      ...sorted(rows.map((row) => readContact(row, labels))),
      cursor: done ? null : `${offset + PAGE}/${begins}`,
      done,
    };
  },

  async get(context, { externalIds }) {
    const answers = await Promise.all(
      externalIds.map((id) =>
        lookUp(
          context,
          id,
          UNKNOWN_CONTACT,
          () => getContact(context, id),
          (answer) => readContact(answer, NO_LABELS),
        ),
      ),
    );
    const rows = answers.flatMap((answer) => (answer.status === 'found' ? [answer.record.raw] : []));
    const labels = await labelsOf(context, rows);
    return answers.map((answer) => {
      if (answer.status !== 'found' || answer.record.tags === undefined) return answer;
      return { ...answer, record: { ...answer.record, tags: tagsOf(answer.record.raw.label_ids, labels) } };
    });
  },
};

interface Label {
  name: string;
  group: string | null;
}
type Labels = ReadonlyMap<string, Label>;
const NO_LABELS: Labels = new Map();

/** All labels of the organisation by id; asked for only when one of the rows has any. */
async function labelsOf(context: DingtalkContext, rows: readonly JsonValue[]): Promise<Labels> {
  const isLabelled = rows.some((row) => isJsonObject(row) && list(row.label_ids).length > 0);
  return isLabelled ? readLabels(context) : NO_LABELS;
}

/** Labels are made in the admin console only, and come in groups. */
export async function readLabels(context: DingtalkContext): Promise<Labels> {
  const labels = new Map<string, Label>();
  for (let page = 0; page < MAX_LABEL_PAGES; page += 1) {
    const groups = await listLabelGroups(context, page * PAGE);
    for (const group of objects(groups)) {
      for (const label of objects(group.labels)) {
        const id = labelId(label.id);
        const name = text(label.name);
        if (id !== null && typeof name === 'string')
          labels.set(id, { name, group: text(group.name) ?? null });
      }
    }
    if (groups.length < PAGE) break;
  }
  return labels;
}

/** Ids of labels are numbers above 0, as those of departments. */
export const labelId = departmentId;

function readContact(value: JsonValue, labels: Labels): Reading<CustomerRecord> {
  const raw = isJsonObject(value) ? value : { value };
  // Requests say `user_id`, answers `userid`; either is read.
  const externalId = isJsonObject(value) ? (idOf(value.userid) ?? idOf(value.user_id)) : null;
  if (!isJsonObject(value) || externalId === null)
    return { rejected: { externalId: null, reason: 'The contact has no usable userid.', raw } };
  const record: CustomerRecord = { externalId, raw };
  const name = text(value.name);
  if (name !== undefined) record.displayName = name;
  const owner = idOf(value.follower_user_id);
  if (owner !== null) record.ownerExternalIds = [owner];
  if (Array.isArray(value.label_ids)) record.tags = tagsOf(value.label_ids, labels);
  return { record };
}

function tagsOf(ids: JsonValue | undefined, labels: Labels): { id: string; name: string; group?: string }[] {
  return list(ids).flatMap((entry) => {
    const id = labelId(entry);
    if (id === null) return [];
    const { name = id, group = null } = labels.get(id) ?? {};
    return [{ id, name, ...(group === null ? {} : { group }) }];
  });
}

function readCursor(cursor: string): { offset: number; first: string } {
  const parts = /^(\d{1,9})\/(.{0,256})$/su.exec(cursor);
  if (!parts) throw unknownCursor();
  return { offset: Number(parts[1]), first: parts[2] ?? '' };
}
