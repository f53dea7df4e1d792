/** Two ledgers outside the server: what the client was told, and what the functions did. */
import { readFileSync } from 'node:fs';

export interface Submission {
  readonly taskId: string;
  readonly payload: string;
  /** A 202 was received, or a 409 for a submission of the same bytes whose answer was lost. */
  acknowledged: boolean;
  /** When a stop was acknowledged. */
  stoppedAtMs?: number;
  /** Every history that the client was shown, in order. */
  readonly seen: (readonly EventView[])[];
}

export interface EventView {
  readonly status: string;
  readonly timestamp: number;
}

export interface ExecutionLine {
  readonly kind: 'start' | 'finish';
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

/** A line that a kill cut short is none. */
export function readExecutions(path: string): ExecutionLine[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as ExecutionLine];
    } catch {
      return [];
    }
  });
}
