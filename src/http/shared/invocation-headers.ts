/** What the headers of an invocation ask for; the same in every version of the API. */
import { invalidArgument } from '../../core/errors.ts';
import { SYNC_PAYLOAD_BYTES_MAX } from '../../core/limits.ts';
import type { OperationSettings } from '../../service/service-context.ts';
import type { RequestHeaders } from './call.ts';

const TASK_ID = 'x-fc-async-task-id';
/** The same, as 2.0 names it. */
const STATEFUL_INVOCATION_ID = 'x-fc-stateful-async-invocation-id';

export function isAsync(headers: RequestHeaders): boolean {
  const type = headers['x-fc-invocation-type'] ?? '';
  switch (type.toLowerCase()) {
    case '':
    case 'sync':
      return false;
    case 'async':
      return true;
    default:
      throw invalidArgument(`InvocationType is set to an invalid value (allowed: Sync | Async, actual: '${type}')`);
  }
}

export function payloadBytesMax(headers: RequestHeaders, settings: OperationSettings): number {
  return isAsync(headers) ? settings.asyncPayloadBytesMax : SYNC_PAYLOAD_BYTES_MAX;
}

/** Whether the answer to a synchronous invocation is to have the end of the log. */
export function wantsLog(headers: RequestHeaders): boolean {
  const logType = headers['x-fc-log-type'] ?? '';
  if (logType === '' || logType === 'None') return false;
  if (logType === 'Tail') return true;
  throw invalidArgument(`LogType is set to an invalid value (allowed: Tail | None, actual: '${logType}')`);
}

/** The log of something that has not run yet cannot be in the answer; the real service refuses it in these words. */
export function refuseLog(headers: RequestHeaders): void {
  const logType = headers['x-fc-log-type'] ?? '';
  if (logType === '' || logType === 'None') return;
  throw invalidArgument(`LogType is set to an invalid value (allowed: None, actual: '${logType}')`);
}

/**
 * The caller's id for a task; null when it gave none. Taken under the name of either time, because a function may be
 * called by code of either.
 */
export function taskIdOf(headers: RequestHeaders): string | null {
  const taskId = headers[TASK_ID] || null;
  const invocationId = headers[STATEFUL_INVOCATION_ID] || null;
  if (taskId !== null && invocationId !== null && taskId !== invocationId) {
    throw invalidArgument(`${TASK_ID} and ${STATEFUL_INVOCATION_ID} name different tasks`);
  }
  return taskId ?? invocationId;
}

/** Task mode for this one invocation; of 2.0. */
export function wantsTask(headers: RequestHeaders): boolean {
  const text = headers['x-fc-stateful-async-invocation-enable'] ?? '';
  if (text === '' || text === 'false') return false;
  if (text === 'true') return true;
  throw invalidArgument(`x-fc-stateful-async-invocation-enable must be true or false (actual: '${text}')`);
}

export function delaySecondsOf(headers: RequestHeaders, delaySecondsMax: number): number {
  const text = headers['x-fc-async-delay'] ?? '';
  if (text === '') return 0;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= delaySecondsMax) return seconds;
  throw invalidArgument(`x-fc-async-delay must be an integer from 0 to ${delaySecondsMax} (actual: '${text}')`);
}
