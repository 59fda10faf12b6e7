/** One line of the benchmark: a figure and, where there is a ceiling, how near it comes. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  /** Against the ceiling of the same run; larger is better. */
  ratio?: number;
  target?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
