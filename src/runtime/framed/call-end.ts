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
      return ', Error: Process exited unexpectedly before completing request';
    case 'stopped':
      return ', Error: Function stopped';
    case 'initialization-error':
    case 'interrupted':
    case 'no-instance':
      return ', Error: Function interrupted';
  }
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

function exitText({ exitCode, signal }: ExitStatus): string {
  return signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
}
