import { WecomApiError } from '../api-error.js';
import type { TagChange } from './events.js';

/** Who made a tag: an administrator in the console, or the app with this id. */
export type Creator = 'console' | number;

/** A tag of the corporation for its customers. */
export interface CorpTag {
  id: string;
  name: string;
  /** Seconds since the epoch. */
  createdAt: number;
  order: number;
  creator: Creator;
  /** Kept, and shown to whoever asks for it by id (D-92117). */
  deleted: boolean;
}

/** Tags stand in groups; there is no group without tags. */
export interface CorpTagGroup extends CorpTag {
  tags: CorpTag[];
}

const mostTags = 3000;

/** Corp tags (企业客户标签): what the console changes is told as events, what the API changes is not (sheet 4.1). */
export class CorpTags {
  private readonly groups: CorpTagGroup[] = [];
  private lastId = 0;

  constructor(
    private readonly now: () => number,
    private readonly tell: (change: TagChange) => void,
  ) {
    this.create({ name: '客户等级', tags: ['普通', '重要', 'VIP'], creator: 'console' });
    this.create({ name: '培训', tags: ['培训中', '已结业'], creator: 'console' });
  }

  /** Everything, what was deleted too. */
  all(): readonly CorpTagGroup[] {
    return this.groups;
  }

  /** A tag that is still there, and its group. */
  find(id: string): { group: CorpTagGroup; tag: CorpTag } | undefined {
    for (const group of this.groups) {
      const tag = group.tags.find((one) => one.id === id && !one.deleted);
      if (tag !== undefined) return { group, tag };
    }
    return undefined;
  }

  group(idOrName: string): CorpTagGroup | undefined {
    return this.groups.find(({ id, name, deleted }) => !deleted && (id === idOrName || name === idOrName));
  }

  /**
   * Adds tags to the group of that id or name, which is made where there is none; a name that comes twice makes
   * one tag. Answers the group and what is new in it.
   * @throws WecomApiError 40071 for a name the group has, 40126 past 3,000 tags of the corporation.
   */
  create(wanted: { name: string; tags: readonly string[]; creator: Creator; order?: number }): {
    group: CorpTagGroup;
    added: CorpTag[];
  } {
    const names = [...new Set(wanted.tags)];
    const known = this.group(wanted.name);
    if (known?.tags.some(({ name, deleted }) => !deleted && names.includes(name)))
      throw new WecomApiError(40071);
    if (this.count() + names.length > mostTags) throw new WecomApiError(40126);
    const group = known ?? {
      ...this.blank('etSimGroup', wanted.name, wanted.creator, wanted.order),
      tags: [],
    };
    if (known === undefined) this.groups.push(group);
    const added = names.map((name) => this.blank('etSimTag', name, wanted.creator));
    group.tags.push(...added);
    return { group, added };
  }

  /** An administrator adds a tag in the console; answers its id. */
  add(group: string, name: string): string {
    const isNew = this.group(group) === undefined;
    const made = this.create({ name: group, tags: [name], creator: 'console' });
    const id = made.added[0]?.id ?? '';
    if (isNew) this.announce('create', 'tag_group', made.group.id);
    this.announce('create', 'tag', id);
    return id;
  }

  /** An administrator renames a tag or a group. @throws TypeError for one that is not there. */
  rename(id: string, name: string): void {
    const found = this.item(id);
    if (found === undefined) throw new TypeError(`there is no tag ${id}`);
    found.name = name;
    this.announce('update', 'tags' in found ? 'tag_group' : 'tag', id);
  }

  /** An administrator deletes a tag or a group. @throws TypeError for one that is not there. */
  remove(id: string): void {
    const found = this.item(id);
    if (found === undefined) throw new TypeError(`there is no tag ${id}`);
    this.erase(id);
    this.announce('delete', 'tags' in found ? 'tag_group' : 'tag', id);
  }

  /** A group or tag that is still there. */
  item(id: string): CorpTagGroup | CorpTag | undefined {
    return this.groups.find((group) => group.id === id && !group.deleted) ?? this.find(id)?.tag;
  }

  /** Marks a tag or a group with its tags as deleted; a group goes with its last tag. */
  erase(id: string): void {
    for (const group of this.groups) {
      for (const tag of group.tags) if (tag.id === id || group.id === id) tag.deleted = true;
      group.deleted = group.tags.every(({ deleted }) => deleted);
    }
  }

  private count(): number {
    return this.groups.reduce((sum, { tags }) => sum + tags.filter(({ deleted }) => !deleted).length, 0);
  }

  private blank(prefix: string, name: string, creator: Creator, order?: number): CorpTag {
    this.lastId += 1;
    return {
      id: `${prefix}AAAA${String(this.lastId).padStart(6, '0')}`,
      name,
      createdAt: Math.floor(this.now() / 1000),
      order: order ?? this.lastId,
      creator,
      deleted: false,
    };
  }

  private announce(change: TagChange['change'], kind: TagChange['kind'], id: string): void {
    this.tell({ change, kind, id });
  }
}
