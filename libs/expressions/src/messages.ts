import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';

/** One record's results. A field is in `values`, or in `errors`, or absent: the expression found nothing. */
export interface EvaluatedRecord {
  values: Record<string, JsonValue>;
  errors: Record<string, string>;
}

export interface Setup {
  /** Field and source, in order. */
  expressions: [string, string][];
  /** Bound to `$tables`. */
  tables: Record<string, JsonObject>;
}

/** What the thread is told: one page of records of one batch. */
export interface PageMessage {
  page: number;
  batch: number;
  /** With the first page a thread sees of a batch. */
  setup?: Setup;
  records: readonly JsonObject[];
  /** Per field (by place): records not to evaluate, -1 for all. */
  skip: number[][];
}

export interface PageAnswer {
  page: number;
  records: EvaluatedRecord[];
}
