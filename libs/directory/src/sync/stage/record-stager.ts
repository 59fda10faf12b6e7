import type { DepartmentRecord, JsonObject, RejectedRecord, UserRecord } from '@trainbridge/connector-kit';
import { normalizeDepartment, normalizeUser, RecordProblem, rejection } from './normalize.js';
import type { Rejection, StagedBatch } from './staged-records.js';

export type MappedRecord = { values: JsonObject } | { problem: string };

/** The connection's mapping: expressions over the platform's raw record. One answer per record, in order. */
export interface RecordMapper {
  map(kind: 'user' | 'department', raws: JsonObject[]): Promise<MappedRecord[]>;
}

/** For connections without a mapping. */
export const NO_MAPPING: RecordMapper = {
  map: async (_kind, raws) => raws.map(() => ({ values: {} })),
};

/** Turns records of a platform into staged ones: mapped, checked, and each bad one rejected by itself. */
export class RecordStager {
  constructor(private readonly mapper: RecordMapper) {}

  async users(items: readonly UserRecord[], rejected: readonly RejectedRecord[]): Promise<StagedBatch> {
    const { staged, rejections } = await this.stage('user', items, normalizeUser);
    return { users: staged, departments: [], rejected: [...rejections, ...rejectionsOf('user', rejected)] };
  }

  async departments(
    items: readonly DepartmentRecord[],
    rejected: readonly RejectedRecord[],
  ): Promise<StagedBatch> {
    const { staged, rejections } = await this.stage('department', items, normalizeDepartment);
    return {
      users: [],
      departments: staged,
      rejected: [...rejections, ...rejectionsOf('department', rejected)],
    };
  }

  private async stage<R extends UserRecord | DepartmentRecord, S>(
    kind: 'user' | 'department',
    items: readonly R[],
    normalize: (record: R, mapped: JsonObject) => S,
  ): Promise<{ staged: S[]; rejections: Rejection[] }> {
    const staged: S[] = [];
    const rejections: Rejection[] = [];
    const reject = (record: R, reason: string) =>
      rejections.push(
        rejection(kind, { externalId: record?.externalId ?? null, reason, raw: record?.raw ?? { record } }),
      );
    const whole = items.filter((item) => (isRecord(item) ? true : (reject(item, 'is not a record'), false)));
    const readable = whole.filter((item) => item.idOnly !== true);
    const mapped = await this.mapper.map(
      kind,
      readable.map((item) => (isRecord(item.raw) ? item.raw : {})),
    );
    const values = new Map(readable.map((item, index) => [item, mapped[index]!]));
    for (const item of whole) {
      const outcome = values.get(item) ?? { values: {} };
      if ('problem' in outcome) {
        reject(item, outcome.problem);
        continue;
      }
      try {
        staged.push(normalize(item, outcome.values));
      } catch (error) {
        if (!(error instanceof RecordProblem)) throw error;
        reject(item, error.message);
      }
    }
    return { staged, rejections };
  }
}

function rejectionsOf(kind: 'user' | 'department', rejected: readonly RejectedRecord[]): Rejection[] {
  return rejected.filter(isRecord).map((record) => rejection(kind, record));
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
