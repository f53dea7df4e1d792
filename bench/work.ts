/** The shape of one piece of work that contenders are given. */
import type { Contender } from './contender.ts';
import type { Scale } from './scale.ts';

export interface Work {
  /** In kebab-case: for `--work`, and in the results. */
  readonly name: string;
  readonly title: string;
  /** What is done and measured, in a sentence or two, for the reader of the table. */
  readonly description: string;
  /** Many numbers of few cases are read downwards: one table a contender, a row a metric. */
  readonly layout?: 'a row a metric';
  /** Which contenders it is for; absent: all. The others do not show in its tables. */
  readonly isFor?: (contender: Contender) => boolean;
  cases(scale: Scale): readonly Case[];
}

/** A column of the work's tables. */
export interface Case {
  readonly name: string;
  /** How often, where it is not as often as everything else. */
  readonly rounds?: number;
  /** The metric that the plot shows of this case; absent: the case is not in the plot. */
  readonly plotted?: string;
  /** One round. Undefined when the contender has no way to do it, which the table shows as a dash. */
  measure(contender: Contender): Promise<readonly Measurement[] | undefined>;
}

/** One number of one round. Each metric becomes a table of its own. */
export interface Measurement {
  readonly metric: string;
  readonly unit: Unit;
  readonly value: number;
}

/** `/s` is the only one of which more is better. */
export type Unit = '/s' | '×' | 'ms' | 's' | 'µs' | 'MiB' | 'bytes' | 'count';
