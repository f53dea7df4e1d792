/** The ledger of what ran, kept where the functions run: no part of the engine writes it. */
import type { SimulatedProcess } from '../node/simulated-process.ts';
import type { Outcome } from '../../../src/core/outcome.ts';

export interface ExecutionSeen {
  readonly executionId: string;
  readonly requestId: string;
  readonly functionName: string;
  readonly process: SimulatedProcess;
  /** True time. */
  readonly startedAtMs: number;
  /** Null while it runs. */
  endedAtMs: number | null;
  outcome: Outcome | null;
  /** It was told to end. */
  abortedFor: string | null;
}

export class Executions {
  readonly #byId = new Map<string, ExecutionSeen>();
  readonly #live = new Set<ExecutionSeen>();

  begin(execution: ExecutionSeen): void {
    this.#byId.set(execution.executionId, execution);
    this.#live.add(execution);
  }

  end(execution: ExecutionSeen, atMs: number, outcome: Outcome): void {
    this.#live.delete(execution);
    Object.assign(execution, { endedAtMs: atMs, outcome });
  }

  find(executionId: string): ExecutionSeen | undefined {
    return this.#byId.get(executionId);
  }

  live(): ReadonlySet<ExecutionSeen> {
    return this.#live;
  }

  ofRequest(requestId: string): ExecutionSeen[] {
    return [...this.#byId.values()].filter((execution) => execution.requestId === requestId);
  }

  get count(): number {
    return this.#byId.size;
  }
}
