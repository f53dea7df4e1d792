/**
 * An instance without a process: the right to call a URL, `instanceConcurrency` times at once. A call that is stopped
 * or out of time is broken off, and its neighbours go on.
 */
import type { Clock } from '../../core/clock.ts';
import type { Execution, Outcome } from '../../core/outcome.ts';
import { requestHeaders } from '../custom/request-headers.ts';
import { endMark } from '../framed/call-end.ts';
import type { Credentials } from '../framing/protocol.ts';
import type { Instance } from '../instance.ts';
import type { LogSink } from '../log/instance-log.ts';
import { madeUpCredentials } from '../made-up-credentials.ts';
import { eventPayload } from '../event-payload.ts';
import type { EndSignal, InstanceSpec, Invocation } from '../runtime.ts';
import { signatureHeaders } from './call-signature.ts';
import { callTarget } from './call-target.ts';
import type { TargetRules } from './connect-to-target.ts';
import { targetOutcome } from './target-outcome.ts';
import { SECRET_VARIABLE, targetUrl } from './target-url.ts';

export interface HttpRuntimeOptions extends TargetRules {
  readonly clock: Clock;
  readonly onLog: LogSink;
}

export class HttpInstance implements Instance {
  readonly instanceId: string;
  readonly concurrency: number;
  readonly aheadMax = 0;
  readonly #options: HttpRuntimeOptions;
  readonly #spec: InstanceSpec;
  readonly #url: URL;
  readonly #secret: string | undefined;
  /** Made up always: a key that is good for something must not leave the machine. */
  readonly #credentials: Credentials = madeUpCredentials();
  readonly #calls = new Map<Promise<Execution>, AbortController>();
  readonly #ended = Promise.withResolvers<undefined>();

  constructor(options: HttpRuntimeOptions, spec: InstanceSpec, instanceId: string) {
    this.instanceId = instanceId;
    this.concurrency = spec.settings.instanceConcurrency;
    this.#options = options;
    this.#spec = spec;
    this.#url = targetUrl(spec.settings);
    this.#secret = spec.settings.environment[SECRET_VARIABLE];
  }

  get unusable(): Promise<void> {
    return this.#ended.promise;
  }

  get gone(): Promise<void> {
    return this.#ended.promise;
  }

  async invoke(invocation: Invocation, signal: EndSignal, onBegin: () => void): Promise<Execution> {
    onBegin();
    const ending = new AbortController();
    const end = (): void => ending.abort(signal.reason);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const call = this.#call(invocation, ending.signal);
    this.#calls.set(call, ending);
    try {
      return await call;
    } finally {
      signal.removeEventListener('abort', end);
      this.#calls.delete(call);
    }
  }

  retire(): Promise<void> {
    return this.destroy();
  }

  async destroy(): Promise<void> {
    for (const ending of this.#calls.values()) ending.abort('shutdown');
    await Promise.all(this.#calls.keys());
    this.#ended.resolve(undefined);
  }

  async #call(invocation: Invocation, signal: AbortSignal): Promise<Execution> {
    const { clock } = this.#options;
    const startedAtMs = clock.now();
    const beganMs = clock.monotonic();
    const timeoutMs = this.#spec.settings.timeoutSeconds * 1000;
    const body = eventPayload(this.#spec, invocation);
    const call = { headers: this.#headers(invocation, body, startedAtMs), body, timeoutMs };
    const outcome = targetOutcome(await callTarget(this.#url, call, { ...this.#options, signal }));
    const durationMs = Math.ceil(clock.monotonic() - beganMs);
    const logTail = this.#logEnd(invocation.requestId, outcome);
    return {
      outcome,
      instanceId: this.instanceId,
      startedAtMs,
      durationMs,
      maxMemoryMb: 0,
      logTail,
      coldStart: false,
    };
  }

  #headers(invocation: Invocation, body: Uint8Array, nowMs: number): Record<string, string> {
    const { requestId, qualifier, retryCount, taskId } = invocation;
    const deadlineMs = nowMs + this.#spec.settings.timeoutSeconds * 1000;
    const head = { controlPath: '/invoke', requestId, qualifier, retryCount, taskId, deadlineMs } as const;
    return {
      ...requestHeaders(this.#spec, this.#credentials, head),
      ...(this.#secret !== undefined && signatureHeaders(this.#secret, { requestId, body, nowMs })),
    };
  }

  /** Of what the function prints nothing is seen here; only of what ended a call there is something to tell. */
  #logEnd(requestId: string, outcome: Outcome): string {
    if (outcome.kind === 'returned' || outcome.kind === 'function-error') return '';
    const { account, functionName, versionId } = this.#spec;
    const line = `FC Invoke End RequestId: ${requestId}${endMark(outcome)}`;
    this.#options.onLog({ instanceId: this.instanceId, account, functionName, versionId }, requestId, line);
    return `${line}\n`;
  }
}
