/** An instance whose process is a program of the user's: invocations, hooks, end. Takes several at once. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { HOOK_TIMEOUT_SECONDS_DEFAULT } from '../../core/limits.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import type { Hook } from '../../core/resources.ts';
import { endMark } from '../framed/call-end.ts';
import type { Credentials } from '../framing/protocol.ts';
import type { Instance } from '../instance.ts';
import { InstanceEnd } from '../instance-end.ts';
import type { InstanceLog } from '../log/instance-log.ts';
import type { SupervisedProcess } from '../process/supervised-process.ts';
import type { EndSignal, InstanceSpec, Invocation } from '../runtime.ts';
import { drainedStreams } from './drained-streams.ts';
import { requestHeaders, type ServerCallHead } from './request-headers.ts';
import type { ServerCall, ServerCallEnd } from './server-call.ts';
import { type AnswerKind, invokeOutcome } from './server-outcome.ts';
import { OCTETS, type ServerContent, serverRequest } from './server-request.ts';

export interface CustomInstanceParts {
  readonly spec: InstanceSpec;
  readonly instanceId: string;
  /** Calls the program, by whichever way it takes calls. Never rejects. */
  readonly callProgram: (call: ServerCall) => Promise<ServerCallEnd>;
  /** Whether the program is a server that takes requests as they are; the other kind asks the runtime API for events. */
  readonly takesRequests: () => boolean;
  readonly process: SupervisedProcess;
  readonly log: InstanceLog;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly cleanUp: () => Promise<void>;
  readonly onSurvivors: () => void;
  /** Whether it was ended for its memory. To be asked when it ended. */
  readonly isOutOfMemory: () => boolean;
}

export interface HookCall {
  readonly method: 'GET' | 'POST';
  readonly path: '/initialize' | '/pre-stop';
  readonly requestId: string;
}

/** How long the exit of a server is waited for that broke a connection: a crash breaks it first. */
const EXIT_WAIT_MS = 200;
const NOTHING = new Uint8Array();

export class CustomInstance implements Instance {
  readonly instanceId: string;
  readonly concurrency: number;
  readonly aheadMax = 0;
  readonly #parts: CustomInstanceParts;
  readonly #end: InstanceEnd;

  constructor(parts: CustomInstanceParts) {
    this.#parts = parts;
    this.instanceId = parts.instanceId;
    this.concurrency = parts.spec.settings.instanceConcurrency;
    this.#end = new InstanceEnd({ ...parts, runPreStop: () => this.#runPreStop() });
    void parts.process.exited.then(() => this.#end.lost());
  }

  get unusable(): Promise<void> {
    return this.#end.unusable;
  }

  get gone(): Promise<void> {
    return this.#end.gone;
  }

  async invoke(invocation: Invocation, signal: EndSignal, onBegin: () => void): Promise<Execution> {
    onBegin();
    const { clock, log, process, spec } = this.#parts;
    const startedAtMs = clock.now();
    const startedMonotonicMs = clock.monotonic();
    log.begin(invocation.requestId);
    const { requestId, qualifier, retryCount, taskId } = invocation;
    const timeoutMs = spec.settings.timeoutSeconds * 1000;
    const content = serverRequest(spec, invocation, this.#parts.takesRequests());
    const { controlPath } = content;
    const head = { controlPath, requestId, qualifier, retryCount, taskId, deadlineMs: startedAtMs + timeoutMs };
    const end = await this.call(content, head, { timeoutMs, signal });
    const durationMs = Math.ceil(clock.monotonic() - startedMonotonicMs);
    const peakMemoryMb = process.peakMemoryMb();
    const outcome = await this.#finish(end, content.answer);
    await drainedStreams(log);
    const maxMemoryMb = Math.max(peakMemoryMb, outcome.kind === 'out-of-memory' ? spec.settings.memoryMb : 0);
    // A server writes marks itself, where it wants any; of what ended it, it cannot tell.
    if (outcome.kind !== 'returned' && outcome.kind !== 'function-error') {
      log.flush();
      log.line(`FC Invoke End RequestId: ${requestId}${endMark(outcome)}`);
    }
    const logTail = log.end(requestId);
    return { outcome, instanceId: this.instanceId, startedAtMs, durationMs, maxMemoryMb, logTail, coldStart: false };
  }

  /** Calls the server once; does not look at what the call came to. */
  call(
    { method, path, headers, body }: ServerContent,
    head: ServerCallHead,
    call: Pick<ServerCall, 'timeoutMs' | 'signal'>,
  ): Promise<ServerCallEnd> {
    const { callProgram, credentials, spec } = this.#parts;
    const own = requestHeaders(spec, credentials, head);
    return callProgram({ ...call, method, path, headers: { ...headers, ...own }, body });
  }

  callHook(call: HookCall, hook: Hook, signal?: AbortSignal): Promise<ServerCallEnd> {
    const timeoutMs = (hook.timeoutSeconds || HOOK_TIMEOUT_SECONDS_DEFAULT) * 1000;
    const deadlineMs = this.#parts.clock.now() + timeoutMs;
    const { method, path, requestId } = call;
    const head = { controlPath: path, requestId, qualifier: '', retryCount: 0, taskId: null, deadlineMs };
    const content = { method, path, headers: OCTETS, body: NOTHING };
    return this.call(content, head, { timeoutMs, ...(signal && { signal }) });
  }

  retire(): Promise<void> {
    return this.#end.retire();
  }

  destroy(): Promise<void> {
    return this.#end.destroy();
  }

  /** Ends the instance where the execution cannot be ended otherwise; its neighbours then end as `interrupted`. */
  async #finish(end: ServerCallEnd, answer: AnswerKind): Promise<Outcome> {
    const { process } = this.#parts;
    if (end.kind === 'broken') {
      const exit = await Promise.race([process.exited, this.#pause(EXIT_WAIT_MS)]);
      if (this.#end.isByUs) return { kind: 'interrupted' };
      if (exit !== undefined) {
        const outcome: Outcome = this.#parts.isOutOfMemory() ? { kind: 'out-of-memory' } : { kind: 'exited', ...exit };
        await this.destroy();
        return outcome;
      }
    }
    if (end.kind === 'timed-out') await this.destroy();
    if (end.kind === 'aborted') await (end.reason === 'stop' ? this.retire() : this.destroy());
    return invokeOutcome(end, answer);
  }

  async #runPreStop(): Promise<void> {
    const { log, spec } = this.#parts;
    if (spec.settings.preStop === null) return;
    const requestId = randomUUID();
    const end = await this.callHook({ method: 'GET', path: '/pre-stop', requestId }, spec.settings.preStop);
    // Whatever it came to: a failing hook does not hold up the end.
    if (end.kind !== 'answered')
      log.line(`FC PreStop End RequestId: ${requestId}${endMark(invokeOutcome(end, 'result'))}`);
  }

  #pause(ms: number): Promise<undefined> {
    return new Promise((resolve) => void this.#parts.clock.setTimer(ms, () => resolve(undefined)));
  }
}
