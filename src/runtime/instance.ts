/**
 * The inner interface: what a kind of runtime (nodejs, python, custom, http) gives the pool. A runtime knows how
 * to start an instance and talk to it; the pool knows when, how many and for whom.
 */
import type { Execution, Outcome } from '../core/outcome.ts';
import type { FunctionSettings } from '../core/resources.ts';
import type { EndSignal, InstanceSpec, Invocation } from './runtime.ts';

export interface FunctionRuntime {
  /** Names it runs, as functions carry them: `nodejs22`, … */
  readonly names: readonly string[];
  /** Whether it runs a code package; absent means that it does. */
  readonly needsCode?: boolean;
  /** What is wrong with the settings of a function, as a sentence for the caller. Absent where any will do. */
  settingsProblem?(settings: FunctionSettings): string | undefined;
  /**
   * Starts an instance up to its first invocation: code, process, initializer. Never rejects. Aborted by the signal,
   * it leaves nothing behind and gives `interrupted`.
   */
  start(spec: InstanceSpec, instanceId: string, signal: AbortSignal): Promise<Started>;
}

export type Started =
  | { readonly kind: 'instance'; readonly instance: Instance }
  | { readonly kind: 'none'; readonly outcome: Outcome; readonly logTail: string; readonly maxMemoryMb: number };

/** One live instance. Everything it needs, its whole process tree and its folders, goes with it. */
export interface Instance {
  readonly instanceId: string;
  /** Invocations that it takes at once. */
  readonly concurrency: number;
  /** So many more it takes ahead: they begin when those before them are over, unless they are taken back. */
  readonly aheadMax: number;
  /**
   * Runs the function once; see `InstanceLease.invoke`. `coldStart` of the execution is the caller's to set.
   *
   * @param onBegin called when the execution begins; never when it was taken back or the instance ended before
   */
  invoke(invocation: Invocation, signal: EndSignal, onBegin: () => void): Promise<Execution>;
  /** Runs the pre-stop hook within its time, then ends the tree. Safe to call twice, and after `destroy`. */
  retire(): Promise<void>;
  /** Ends the tree at once; resolves when none of it is left. Safe to call twice. */
  destroy(): Promise<void>;
  /** Resolves as soon as it takes no more invocations, for whatever reason. */
  readonly unusable: Promise<void>;
  /** Resolves when no process of it is left. */
  readonly gone: Promise<void>;
}
