import type { Company, Person } from '../../company/index.js';
import { generateName } from '../../company/names.js';
import { pick, randomFrom } from '../../company/random.js';
import type { CustomerChange } from './events.js';

/** What stands between one member and one customer (`follow_user`, sheet 7.1). */
export interface Relation {
  person: Person;
  customer: Customer;
  remark: string;
  description: string;
  /** Seconds since the epoch. */
  createdAt: number;
  /** Ids of corp tags. */
  tagIds: Set<string>;
  /** Tags of the member's own: they have a name, and no id. */
  personalTags: string[];
  mobiles: string[];
  companyRemark: string;
  state: string | undefined;
  addWay: number;
  /** `oneWay`: the customer let the member go, who still has them. `over`: the member let them go. */
  standing: 'both' | 'oneWay' | 'over';
}

/** A customer (外部联系人). */
export interface Customer {
  externalUserId: string;
  openId: string;
  unionId: string;
  name: string;
  /** 1 WeChat, 2 WeCom of another corporation. */
  type: 1 | 2;
  /** 0 unknown, 1 male, 2 female: a number here. */
  gender: 0 | 1 | 2;
  corpName: string;
  position: string;
  /** By the number of the member in the company: a userid may change. */
  relations: Map<number, Relation>;
}

/** A customer as tests and controls name one; the first member of the company follows whoever names no owner. */
export interface NewCustomer {
  name: string;
  ownerAccount?: string;
  externalUserId?: string;
  type?: 1 | 2;
  corpName?: string;
  remark?: string;
  tagIds?: readonly string[];
  personalTags?: readonly string[];
  /** The `state` of the contact-me code they came by. */
  state?: string;
  half?: boolean;
}

const employers = ['青禾商贸', '远山食品', '汇川物流', '东篱酒店'];
const firstFollowers = 40;

/** Customers and who follows them; what people do in the client is told as events, what the API does is not. */
export class Customers {
  private readonly byId = new Map<string, Customer>();
  /** Members with the feature (配置了客户联系功能的成员). */
  private readonly featured = new Set<number>();
  private lastNumber = 0;

  constructor(
    private readonly company: Company,
    private readonly now: () => number,
    count: number,
    private readonly tell: (person: Person, change: CustomerChange) => void,
  ) {
    const members = company.people().slice(0, firstFollowers);
    for (const { id } of members) this.featured.add(id);
    const random = randomFrom(0xc057);
    for (let made = 1; made <= count && members.length > 0; made += 1) {
      const customer = this.create({
        name: generateName(random).name,
        type: made % 4 === 0 ? 2 : 1,
        corpName: pick(random, employers),
      });
      this.relate(customer, pick(random, members), {});
      // Every third is known to two members.
      if (made % 3 === 0) this.relate(customer, pick(random, members), {});
    }
  }

  /** Everybody, in the order they came. */
  all(): Customer[] {
    return [...this.byId.values()];
  }

  get(externalUserId: string): Customer | undefined {
    return this.byId.get(externalUserId);
  }

  /** Members of the company who have the feature. */
  followers(): Person[] {
    return this.company.people().filter(({ id }) => this.featured.has(id));
  }

  /** The customers of a member, in the order they came. */
  of(person: Person): Relation[] {
    return this.all().flatMap(({ relations }) => {
      const relation = relations.get(person.id);
      return relation === undefined || relation.standing === 'over' ? [] : [relation];
    });
  }

  /** The relations of a customer to members who are still in the company, those that are over too. */
  relationsOf(customer: Customer): Relation[] {
    return [...customer.relations.values()].filter(
      ({ person }) => this.company.personById(person.id) !== undefined,
    );
  }

  /** Somebody becomes the customer of a member. @throws TypeError for an unknown member. */
  add(wanted: NewCustomer): Customer {
    const owner = this.member(wanted.ownerAccount ?? this.company.people()[0]?.account ?? '');
    const customer = this.create(wanted);
    this.welcome(customer, owner, wanted);
    return customer;
  }

  /** Another member gets to know a customer. @throws TypeError when they know each other, or one does not exist. */
  follow(externalUserId: string, account: string, how: Omit<NewCustomer, 'name'> = {}): void {
    const customer = this.known(externalUserId);
    const person = this.member(account);
    const standing = customer.relations.get(person.id)?.standing ?? 'over';
    if (standing === 'both') throw new TypeError(`${account} follows ${externalUserId} already`);
    this.welcome(customer, person, how);
  }

  /**
   * A member edits the remark or the tags in the client. A change of remark mobiles alone is not told (sheet 4.5).
   * @throws TypeError when there is no such relation.
   */
  edit(
    externalUserId: string,
    account: string,
    change: { remark?: string; description?: string; mobiles?: string[]; tagIds?: readonly string[] },
  ): void {
    const relation = this.relation(externalUserId, account);
    const { tagIds, ...texts } = change;
    Object.assign(relation, texts, tagIds === undefined ? {} : { tagIds: new Set(tagIds) });
    const silent = Object.keys(change).every((name) => name === 'mobiles');
    if (!silent) this.announce('edit_external_contact', relation, stateOf(relation));
  }

  /** The member removes the customer. @throws TypeError when there is no such relation. */
  drop(externalUserId: string, account: string, byTransfer = false): void {
    const relation = this.relation(externalUserId, account);
    relation.standing = 'over';
    this.announce('del_external_contact', relation, byTransfer ? { source: 'DELETE_BY_TRANSFER' } : {});
  }

  /** The customer removes the member, who keeps a one-way relation. @throws TypeError when there is none. */
  leave(externalUserId: string, account: string): void {
    const relation = this.relation(externalUserId, account);
    relation.standing = 'oneWay';
    this.announce('del_follow_user', relation, {});
  }

  /** A customer does not want to be handed over to this member. @throws TypeError for unknown ones. */
  refuseTransfer(externalUserId: string, account: string): void {
    const person = this.member(account);
    const { externalUserId: id } = this.known(externalUserId);
    const change = { userid: person.account, externalUserId: id, failReason: 'customer_refused' } as const;
    this.tell(person, { type: 'transfer_fail', ...change });
  }

  /** @throws TypeError when they do not know each other (any more). */
  relation(externalUserId: string, account: string): Relation {
    const relation = this.known(externalUserId).relations.get(this.member(account).id);
    if (relation === undefined || relation.standing === 'over')
      throw new TypeError(`${account} does not follow ${externalUserId}`);
    return relation;
  }

  private create({ name, externalUserId, type = 1, corpName = '' }: NewCustomer): Customer {
    this.lastNumber += 1;
    const serial = String(this.lastNumber).padStart(4, '0');
    const customer: Customer = {
      externalUserId: externalUserId ?? `${type === 1 ? 'wm' : 'wo'}SimAAAAexternal${serial}`,
      openId: `oSimBBBBopen${serial}`,
      unionId: `ozSimCCCCunion${serial}`,
      name,
      type,
      gender: (this.lastNumber % 3) as 0 | 1 | 2,
      corpName: type === 2 ? corpName : '',
      position: type === 2 ? '采购经理' : '',
      relations: new Map(),
    };
    if (this.byId.has(customer.externalUserId)) throw new TypeError(`${customer.externalUserId} exists`);
    this.byId.set(customer.externalUserId, customer);
    return customer;
  }

  private relate(customer: Customer, person: Person, how: Omit<NewCustomer, 'name'>): Relation {
    this.featured.add(person.id);
    const relation: Relation = {
      person,
      customer,
      remark: how.remark ?? customer.name,
      description: '',
      createdAt: Math.floor(this.now() / 1000),
      tagIds: new Set(how.tagIds),
      personalTags: [...(how.personalTags ?? [])],
      mobiles: [],
      companyRemark: '',
      state: how.state,
      addWay: how.state === undefined ? 2 : 1,
      standing: 'both',
    };
    customer.relations.set(person.id, relation);
    return relation;
  }

  private welcome(customer: Customer, person: Person, how: Omit<NewCustomer, 'name'>): void {
    const relation = this.relate(customer, person, how);
    this.announce(how.half === true ? 'add_half_external_contact' : 'add_external_contact', relation, {
      ...stateOf(relation),
      welcomeCode: `WC_sim_${this.lastNumber}_${person.id}`,
    });
  }

  private announce(
    type: CustomerChange['type'],
    { person, customer }: Relation,
    more: Partial<CustomerChange>,
  ): void {
    const { externalUserId } = customer;
    this.tell(person, { type, userid: person.account, externalUserId, ...more });
  }

  private member(account: string): Person {
    const person = this.company.person(account);
    if (person === undefined) throw new TypeError(`nobody is called ${account}`);
    return person;
  }

  private known(externalUserId: string): Customer {
    const customer = this.byId.get(externalUserId);
    if (customer === undefined) throw new TypeError(`there is no customer ${externalUserId}`);
    return customer;
  }
}

function stateOf({ state }: Relation): { state?: string } {
  return state === undefined ? {} : { state };
}
