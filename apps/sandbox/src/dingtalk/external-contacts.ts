import type { Company } from '../company/index.js';
import { generateName } from '../company/names.js';
import { pick, randomFrom } from '../company/random.js';
import { accountOf } from './ids.js';

/** An external contact (外部联系人). Optional fields are absent when empty. */
export interface ExternalContact {
  userid: string;
  name: string;
  mobile: string;
  state_code: string;
  follower_user_id: string;
  label_ids: number[];
  share_dept_ids: number[];
  share_user_ids: string[];
  email?: string;
  title?: string;
  address?: string;
  remark?: string;
  company_name?: string;
}

/** A group of labels; they are made in the console only. */
export interface LabelGroup {
  name: string;
  color: number;
  labels: { id: number; name: string }[];
}

const labelGroups: readonly LabelGroup[] = [
  {
    name: '客户等级',
    color: -16_740_097,
    labels: [
      { id: 90_000_000_011, name: '普通' },
      { id: 90_000_000_012, name: '重要' },
      { id: 90_000_000_013, name: 'VIP' },
    ],
  },
  {
    name: '培训',
    color: -11_687_445,
    labels: [
      { id: 90_000_000_021, name: '培训中' },
      { id: 90_000_000_022, name: '已结业' },
    ],
  },
];

const employers = ['青禾商贸', '远山食品', '汇川物流', '东篱酒店'];

/** The address book of people outside the company. */
export class ExternalContacts {
  readonly labelGroups: readonly LabelGroup[] = structuredClone(labelGroups);
  private readonly byId = new Map<string, ExternalContact>();
  private lastNumber = 0;

  constructor(company: Company, count: number) {
    const followers = company.people().slice(0, 40);
    const random = randomFrom(0xc057);
    for (let made = 0; made < count && followers.length > 0; made += 1) {
      const number = this.lastNumber + 1;
      this.add({
        name: generateName(random).name,
        mobile: `1370000${String(number).padStart(4, '0')}`,
        state_code: '86',
        follower_user_id: pick(random, followers).account,
        label_ids: [pick(random, labelGroups[0]?.labels ?? []).id],
        share_dept_ids: [],
        share_user_ids: [],
        company_name: pick(random, employers),
        title: '采购经理',
      });
    }
  }

  /** Everybody, in the order they were added. */
  all(): ExternalContact[] {
    return [...this.byId.values()];
  }

  get(userid: string): ExternalContact | undefined {
    return this.byId.get(userid);
  }

  byMobile(mobile: string): ExternalContact | undefined {
    return this.all().find((contact) => contact.mobile === mobile);
  }

  byUnion(unionId: string): ExternalContact | undefined {
    return this.all().find((contact) => accountOf(`contact ${contact.userid}`).unionId === unionId);
  }

  /** Answers the new contact with its userid: digits with a dash, as the platform makes them up. */
  add(contact: Omit<ExternalContact, 'userid'>): ExternalContact {
    this.lastNumber += 1;
    const full = { userid: `0211${String(this.lastNumber).padStart(6, '0')}-88`, ...contact };
    this.byId.set(full.userid, full);
    return full;
  }

  put(contact: ExternalContact): void {
    this.byId.set(contact.userid, contact);
  }

  remove(userid: string): boolean {
    return this.byId.delete(userid);
  }

  isLabel(id: number): boolean {
    return this.labelGroups.some(({ labels }) => labels.some((label) => label.id === id));
  }
}
