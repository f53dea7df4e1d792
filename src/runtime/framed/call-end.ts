/** What the end of a call to a bootstrap says about the execution. Pure. */
import type { ResponseHead } from '../../core/http-response.ts';
import type { Outcome } from '../../core/outcome.ts';
import { initializationError } from '../error-document.ts';
import type { ExitStatus } from '../process/exit-status.ts';
import type { CallEnd } from './call-line.ts';

/** A process that broke the protocol was killed for it. */
const KILLED: ExitStatus = { exitCode: null, signal: 'SIGKILL' };

/** Whether the instance cannot be used after it. */
export function isFatal(end: CallEnd): boolean {
  return end.kind === 'done' ? end.head.last : end.kind !== 'not-begun';
}

export function invocationOutcome(end: CallEnd, isOutOfMemory: (exit: ExitStatus) => boolean): Outcome {
  switch (end.kind) {
    case 'done':
      if (end.head.end === 'returned') return returned(end.payload, end.head.response);
      return { kind: 'function-error', handled: end.head.end === 'handled', document: end.payload };
    case 'exited':
      return isOutOfMemory(end.exit) ? { kind: 'out-of-memory' } : { kind: 'exited', ...end.exit };
    case 'left':
    case 'not-begun':
      return { kind: 'interrupted' };
    case 'broken':
      return { kind: 'exited', ...KILLED };
    case 'timed-out':
      return { kind: 'timed-out', timeoutMs: end.timeoutMs };
    case 'aborted':
      return { kind: end.reason === 'stop' ? 'stopped' : 'interrupted' };
  }
}

function returned(result: Buffer, response: ResponseHead | undefined): Outcome {
  return response === undefined ? { kind: 'returned', result } : { kind: 'returned', result, response };
}

const EXITED_MARK = ', Error: Process exited unexpectedly before completing request';

/** What follows the request id in the log mark that ends a call; empty on success. */
export function endMark(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'returned':
      return '';
    case 'function-error':
      return outcome.handled ? ', Error: Handled function error' : ', Error: Unhandled function error';
    case 'timed-out':
      return `, Error: Function timed out after ${outcome.timeoutMs / 1000} seconds`;
    case 'out-of-memory':
      return ', Error: Function instance ran out of memory';
    case 'exited':
      return EXITED_MARK;
    case 'stopped':
      return ', Error: Function stopped';
    case 'initialization-error':
    case 'interrupted':
    case 'no-instance':
      return ', Error: Function interrupted';
  }
}

/** The same for the initializer: of a start, one kind of outcome stands for all that can go wrong. */
export function initializerMark(end: CallEnd): string {
  return end.kind === 'left' ? EXITED_MARK : endMark(invocationOutcome(end, () => false));
}

/**
 * The outcome of loading or initializing that did not succeed; undefined when it did.
 */
export function startOutcome(end: CallEnd, done: 'loaded' | 'initialized'): Outcome | undefined {
  switch (end.kind) {
    case 'done':
      if (end.head.end === 'returned') return undefined;
      return { kind: 'initialization-error', document: end.payload };
    case 'exited':
      return initializationError(`Process exited unexpectedly (${exitText(end.exit)}) while the function was ${done}`);
    case 'left':
      return initializationError(`Process exited unexpectedly after the function was loaded`);
    case 'broken':
      return initializationError(`The function's process broke the runtime's protocol: ${end.reason}`);
    case 'timed-out':
      return initializationError(`Function was not ${done} within ${end.timeoutMs / 1000} seconds`);
    case 'aborted':
    case 'not-begun':
      return { kind: 'interrupted' };
  }
}

/** Of what was written to standard error so much is shown. */
const STDERR_SHOWN_CHARACTERS = 1024;

/**
 * The outcome of a start that ended without a word from the bootstrap. That is the machine's fault, which passes, and is
 * not counted; but for a runtime that ended by itself: variables of the function (`NODE_OPTIONS`, `PYTHONHOME`) make it
 * do so, and would do so each time.
 */
export function withoutHello(
  end: CallEnd,
  { reachedProgram, stderrEnd }: { readonly reachedProgram: boolean; readonly stderrEnd: string },
): Outcome {
  if (end.kind === 'aborted') return { kind: 'interrupted' };
  const byItself = end.kind === 'exited' ? end.exit.signal === null : end.kind === 'left' || end.kind === 'broken';
  const how = end.kind === 'exited' ? exitText(end.exit) : end.kind;
  const said = `The runtime did not come up (${how}): ${stderrEnd.slice(-STDERR_SHOWN_CHARACTERS)}`;
  return reachedProgram && byItself ? initializationError(said) : { kind: 'no-instance', reason: said };
}

function exitText({ exitCode, signal }: ExitStatus): string {
  return signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
}
