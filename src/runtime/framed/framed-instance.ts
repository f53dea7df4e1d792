/** An instance whose process runs a bootstrap of ours: loading, initializer, invocations, pre-stop hook, end. */
import type { Clock } from '../../core/clock.ts';
import { HOOK_TIMEOUT_SECONDS_DEFAULT } from '../../core/limits.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import type { Instance } from '../instance.ts';
import type { InstanceLog } from '../log/instance-log.ts';
import type { ExitStatus, SupervisedProcess } from '../process/supervised-process.ts';
import type { InstanceSpec, Invocation } from '../runtime.ts';
import { FramedProcess, type CallEnd } from './framed-process.ts';
import { endMark, invocationOutcome, isFatal } from './call-end.ts';
import { type CallHead, INVOKE, PRE_STOP } from '../framing/protocol.ts';

export interface FramedInstanceParts {
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  readonly process: SupervisedProcess;
  readonly log: InstanceLog;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Removes what is left when no process is: the temp folder. */
  readonly cleanUp: () => Promise<void>;
  /** Called when processes of it could not be ended in time. */
  readonly onSurvivors: () => void;
  /** Whether the process died of its memory limit. */
  readonly isOutOfMemory: (exit: ExitStatus, stderrEnd: string) => boolean;
}

const NOTHING = new Uint8Array();

export class FramedInstance implements Instance {
  readonly instanceId: string;
  readonly concurrency = 1;
  readonly process: FramedProcess;
  readonly unusable: Promise<void>;
  readonly gone: Promise<void>;
  readonly #parts: FramedInstanceParts;
  #becomeUnusable: () => void = nothing;
  #becomeGone: () => void = nothing;
  #ending: Promise<void> | undefined;
  #retiring: Promise<void> | undefined;
  /** Ended by us, not by itself. */
  #interrupted = false;
  #served = 0;

  constructor(parts: FramedInstanceParts) {
    this.#parts = parts;
    this.instanceId = parts.instanceId;
    this.process = new FramedProcess(parts.process, parts.log, parts.clock);
    this.unusable = new Promise((resolve) => (this.#becomeUnusable = resolve));
    this.gone = new Promise((resolve) => (this.#becomeGone = resolve));
    void this.process.lost.then(() => {
      this.#becomeUnusable();
      this.#ending ??= this.#end();
    });
  }

  async invoke(invocation: Invocation, signal: AbortSignal): Promise<Execution> {
    const { clock, log, spec } = this.#parts;
    const startedAtMs = clock.now();
    const startedMonotonicMs = clock.monotonic();
    log.begin(invocation.requestId);
    log.line(`FC Invoke Start RequestId: ${invocation.requestId}`);
    const end = await this.#callHandler(invocation, signal, spec.settings.timeoutSeconds * 1000);
    const durationMs = Math.ceil(clock.monotonic() - startedMonotonicMs);
    const knownMemoryMb = end.kind === 'done' ? this.process.reportedMemoryMb : this.process.maxMemoryMb;
    const outcome = await this.#finish(end);
    const maxMemoryMb = Math.max(knownMemoryMb, outcome.kind === 'out-of-memory' ? spec.settings.memoryMb : 0);
    log.flush();
    log.line(`FC Invoke End RequestId: ${invocation.requestId}${endMark(outcome)}`);
    const logTail = log.end();
    return { outcome, instanceId: this.instanceId, startedAtMs, durationMs, maxMemoryMb, logTail, coldStart: false };
  }

  retire(): Promise<void> {
    this.#interrupted ||= this.#ending === undefined;
    this.#becomeUnusable();
    this.#retiring ??= this.#runPreStop().then(() => this.destroy());
    return this.#retiring;
  }

  destroy(): Promise<void> {
    this.#interrupted ||= this.#ending === undefined;
    this.#becomeUnusable();
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #callHandler(invocation: Invocation, signal: AbortSignal, timeoutMs: number): Promise<CallEnd> {
    if (signal.aborted) return { kind: 'aborted', reason: signal.reason };
    const { requestId, qualifier, retryCount, payload } = invocation;
    const head: CallHead = { requestId, qualifier, retryCount };
    return this.process.call({ type: INVOKE, head, payload, timeoutMs, signal });
  }

  /** Ends the instance where it cannot go on; the outcome is known once nothing of it runs any more. */
  async #finish(end: CallEnd): Promise<Outcome> {
    const { isOutOfMemory, log, process } = this.#parts;
    if (end.kind === 'done') this.#served += 1;
    if (end.kind === 'exited' && this.#interrupted) return { kind: 'interrupted' };
    if (end.kind === 'aborted' && end.reason === 'stop') await this.retire();
    else if (isFatal(end)) await this.destroy();
    // Only after an execution that ended is it believed that this one was not begun: what is not begun is repeated
    // without being counted, and user code could say so for ever.
    if (end.kind === 'left' && this.#served === 0) return { kind: 'exited', ...(await process.exited) };
    return invocationOutcome(end, (exit) => isOutOfMemory(exit, log.stderrEnd));
  }

  async #runPreStop(): Promise<void> {
    const { log, newRequestId, spec } = this.#parts;
    const hook = spec.settings.preStop;
    if (hook === null || this.process.isLost || this.#ending !== undefined) return;
    const requestId = newRequestId();
    log.line(`FC PreStop Start RequestId: ${requestId}`);
    const end = await this.process.call({
      type: PRE_STOP,
      head: { requestId, qualifier: '', retryCount: 0 } satisfies CallHead,
      payload: NOTHING,
      timeoutMs: (hook.timeoutSeconds || HOOK_TIMEOUT_SECONDS_DEFAULT) * 1000,
    });
    // Whatever it came to: a failing hook does not hold up the end.
    log.line(`FC PreStop End RequestId: ${requestId}${endMark(invocationOutcome(end, () => false))}`);
  }

  async #end(): Promise<void> {
    const { process, cleanUp, onSurvivors } = this.#parts;
    const gone = await process.end();
    if (!gone) onSurvivors();
    await cleanUp();
    this.#becomeGone();
  }
}

function nothing(): void {
  // Replaced in the constructor.
}
