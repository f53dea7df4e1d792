/** A task as 2.0 shows it: a stateful asynchronous invocation. Times are integers: the 2021 SDK throws on a date string here. */
import type { StoredResult } from '../../../core/decide.ts';
import { type HistoryEntry, isFinal } from '../../../core/task.ts';
import type { getTask } from '../../../service/get-task.ts';
import { splitName } from './form.ts';

type StoredTask = Awaited<ReturnType<typeof getTask>>;

const decoder = new TextDecoder();

/** `invocationPayload` is left out when the payload was not asked for, `returnPayload` while there is no result. */
export function encodeTask({ task, payload, result }: StoredTask): Record<string, unknown> {
  return {
    invocationId: task.taskId,
    requestId: task.requestId,
    ...splitName(task.functionName),
    qualifier: task.qualifier,
    status: task.status,
    startedTime: task.acceptedAtMs,
    // 0 while unfinished: a vendor's tool tests for it.
    endTime: task.endedAtMs ?? 0,
    durationMs: task.durationMs,
    alreadyRetriedTimes: task.retryCount,
    destinationStatus: task.destinationStatus,
    invocationErrorMessage: task.error,
    ...(payload !== null && { invocationPayload: decoder.decode(payload) }),
    ...(result !== null && { returnPayload: decoder.decode(result.bytes) }),
    instanceId: task.instanceId ?? '',
    events: task.history.map((entry, index) => ({
      eventId: index + 1,
      status: entry.status,
      timestamp: entry.atMs,
      eventDetail: eventDetail(entry, isFinal(entry.status) ? (result?.logTail ?? '') : ''),
    })),
    ...(result !== null && cut(result)),
  };
}

/** JSON text; empty for a normal step. The last lines of the log come with the end: it is where one looks for them. */
function eventDetail({ error, message }: HistoryEntry, logTail: string): string {
  if (error === null && message === null && logTail === '') return '';
  return JSON.stringify({
    ...(error !== null && { Error: error }),
    ...(message !== null && { ErrorMessage: message }),
    ...(logTail !== '' && { logTail }),
  });
}

function cut({ bytes, totalBytes }: StoredResult): Record<string, unknown> {
  return totalBytes > bytes.byteLength ? { meanwhile: { returnPayloadBytes: totalBytes } } : {};
}
