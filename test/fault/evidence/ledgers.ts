/** Two ledgers outside the server: what the client was told, and what the functions did. */
import { readFileSync } from 'node:fs';

export interface Submission {
  readonly taskId: string;
  readonly payload: string;
  /**
   * The last one: `acknowledged` by a 202, or by a 409 for a submission of the same bytes whose answer was lost;
   * `refused` by a 429, so that it must not be there; `none` when the server was lost before it.
   */
  answer: 'none' | 'acknowledged' | 'refused';
  /** When a stop was acknowledged. */
  stoppedAtMs?: number;
  /** Every history that the client was shown, in order. */
  readonly seen: (readonly EventView[])[];
}

export interface EventView {
  readonly status: string;
  readonly timestamp: number;
}

export interface LedgerLine {
  /** `beat`: it still runs; `delivery`: the destination was told of the task's end. */
  readonly kind: 'start' | 'beat' | 'finish' | 'delivery';
  readonly taskId: string;
  readonly atMs: number;
  readonly pid: number;
}

/** The record of a task at the end, as the API gives it. */
export interface TaskView {
  readonly taskId: string;
  readonly status: string;
  readonly taskPayload: string;
  readonly alreadyRetriedTimes: number;
  readonly events: readonly EventView[];
}

/** What functions wrote; a line that a kill cut short is none. */
export function readLedger(path: string): LedgerLine[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as LedgerLine];
    } catch {
      return [];
    }
  });
}
