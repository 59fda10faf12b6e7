import type { RuleAssignDto, RuleDto, RuleWhenDto } from './rule.dto.js';

/** A row of `rules`. */
export interface RuleRow {
  id: string;
  client_id: string | null;
  connection_id: string;
  name: string;
  is_active: boolean;
  when: RuleWhenDto;
  assign: RuleAssignDto;
  created_at: Date;
  updated_at: Date;
}

export interface CountedRuleRow extends RuleRow {
  fired_count: number;
  last_fired_at: Date | null;
}

/** SQL: rows as CountedRuleRow; conditions follow. */
export const SELECT_RULES = `
  select r.*, f.fired_count, f.last_fired_at from rules r cross join lateral (
    select count(*)::int as fired_count, max(decided_at) as last_fired_at from rule_firings
    where rule_id = r.id and outcome = 'fired') f`;

export function toRule(row: CountedRuleRow): RuleDto {
  return {
    id: row.id,
    name: row.name,
    connectionId: row.connection_id,
    isActive: row.is_active,
    when: row.when,
    assign: row.assign,
    firedCount: row.fired_count,
    lastFiredAt: row.last_fired_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
