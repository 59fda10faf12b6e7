import type { WecomTag } from './visibility.js';

/** Member tags by id; `changed` is called after each change, for ranges that name a tag let others through then. */
export class MemberTags extends Map<number, WecomTag> {
  constructor(private readonly changed: () => void) {
    super();
  }

  override set(id: number, tag: WecomTag): this {
    super.set(id, tag);
    this.changed();
    return this;
  }

  override delete(id: number): boolean {
    const wasThere = super.delete(id);
    this.changed();
    return wasThere;
  }

  override clear(): void {
    super.clear();
    this.changed();
  }
}
