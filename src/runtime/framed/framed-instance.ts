/** An instance whose process runs a bootstrap of ours: loading, initializer, invocations, pre-stop hook, end. */
import type { Clock } from '../../core/clock.ts';
import { HOOK_TIMEOUT_SECONDS_DEFAULT } from '../../core/limits.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import type { Instance } from '../instance.ts';
import { InstanceEnd } from '../instance-end.ts';
import type { InstanceLog } from '../log/instance-log.ts';
import type { ExitStatus } from '../process/exit-status.ts';
import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { EndSignal, InstanceSpec, Invocation } from '../runtime.ts';
import { type CallHead, PRE_STOP } from '../framing/protocol.ts';
import { callContent } from './call-content.ts';
import { endMark, invocationOutcome, isFatal } from './call-end.ts';
import type { CallEnd, LineCall } from './call-line.ts';
import { FramedExecution } from './framed-execution.ts';
import { FramedProcess } from './framed-process.ts';

export interface FramedInstanceParts {
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  readonly process: SupervisedProcess;
  readonly log: InstanceLog;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly cleanUp: () => Promise<void>;
  readonly onSurvivors: () => void;
  /** Whether the process died of its memory limit. */
  readonly isOutOfMemory: (exit: ExitStatus, stderrEnd: string) => boolean;
  /** How long a process that is out of time may go on after SIGTERM; 0 for not at all. */
  readonly terminationGraceMs: number;
}

const NOTHING = new Uint8Array();
/** Enough that a process of no-op calls never waits for the server, whose turns are some milliseconds under load. */
const AHEAD_MAX = 16;

export class FramedInstance implements Instance {
  readonly instanceId: string;
  readonly concurrency = 1;
  readonly process: FramedProcess;
  readonly #parts: FramedInstanceParts;
  readonly #end: InstanceEnd;
  #served = 0;

  constructor(parts: FramedInstanceParts) {
    this.#parts = parts;
    this.instanceId = parts.instanceId;
    this.process = new FramedProcess(parts.process, parts.log, parts.clock);
    this.#end = new InstanceEnd({ ...parts, runPreStop: () => this.#runPreStop() });
    void this.process.lost.then(() => this.#end.lost());
  }

  get unusable(): Promise<void> {
    return this.#end.unusable;
  }

  get gone(): Promise<void> {
    return this.#end.gone;
  }

  /** Invocations may come ahead while all that is logged comes in order with the answers: streams have no order with them. */
  get aheadMax(): number {
    return this.#parts.log.readBytes > 0 ? 0 : AHEAD_MAX;
  }

  async invoke(invocation: Invocation, signal: EndSignal, onBegin: () => void): Promise<Execution> {
    const { clock, log, spec } = this.#parts;
    const { requestId } = invocation;
    const execution = new FramedExecution(requestId, clock, log);
    const end = await this.#callHandler(invocation, signal, {
      onBegin: () => {
        execution.begin();
        onBegin();
      },
      onEnd: (ended) => execution.end(ended),
    });
    await this.process.readStreams(end);
    const knownMemoryMb = end.kind === 'done' ? this.process.reportedMemoryMb : this.process.maxMemoryMb;
    if (end.kind === 'done') this.#served += 1;
    const outcome = isFatal(end) ? await this.#finish(end) : invocationOutcome(end, () => false);
    const maxMemoryMb = Math.max(knownMemoryMb, outcome.kind === 'out-of-memory' ? spec.settings.memoryMb : 0);
    return { ...execution.measured(outcome), outcome, instanceId: this.instanceId, maxMemoryMb, coldStart: false };
  }

  retire(): Promise<void> {
    return this.#end.retire();
  }

  destroy(): Promise<void> {
    return this.#end.destroy();
  }

  #callHandler(invocation: Invocation, signal: EndSignal, on: Pick<LineCall, 'onBegin' | 'onEnd'>): Promise<CallEnd> {
    if (signal.aborted) return Promise.resolve({ kind: 'not-begun' });
    const { requestId, qualifier, retryCount } = invocation;
    const { payload, http } = callContent(this.#parts.spec, invocation);
    const head: CallHead = { requestId, qualifier, retryCount, ...(http !== undefined && { http }) };
    const timeoutMs = this.#parts.spec.settings.timeoutSeconds * 1000;
    return new Promise((resolve) => {
      const onEnd = (end: CallEnd): void => {
        on.onEnd(end);
        resolve(end);
      };
      this.process.invoke({ head, payload, timeoutMs, signal, onBegin: on.onBegin, onEnd });
    });
  }

  /** Ends the instance, which cannot go on; the outcome is known once nothing of it runs any more. */
  async #finish(end: CallEnd): Promise<Outcome> {
    const { isOutOfMemory, log, process } = this.#parts;
    if (end.kind === 'exited' && this.#end.isByUs) return { kind: 'interrupted' };
    if (end.kind === 'timed-out') await this.#terminate();
    if (end.kind === 'aborted' && end.reason === 'stop') await this.retire();
    else await this.destroy();
    // Only after an execution that ended is it believed that this one was not begun: what is not begun is repeated
    // without being counted, and user code could say so for ever.
    if (end.kind === 'left' && this.#served === 0) return { kind: 'exited', ...(await process.exited) };
    return invocationOutcome(end, (exit) => isOutOfMemory(exit, log.stderrEnd));
  }

  /** Lets the process say where it is before it is killed. */
  async #terminate(): Promise<void> {
    const { clock, process, terminationGraceMs } = this.#parts;
    if (terminationGraceMs === 0 || this.#end.hasBegun) return;
    process.terminate();
    const grace = Promise.withResolvers<undefined>();
    const cancelTimer = clock.setTimer(terminationGraceMs, () => grace.resolve(undefined));
    await Promise.race([process.exited, grace.promise]);
    cancelTimer();
  }

  async #runPreStop(): Promise<void> {
    const { log, newRequestId, spec } = this.#parts;
    const hook = spec.settings.preStop;
    if (hook === null || this.process.isLost) return;
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
}
