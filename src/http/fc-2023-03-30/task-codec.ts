/** A task as 3.0 shows it. Times are integers: the SDK throws on a date string here. */
import { functionArn } from '../../core/arn.ts';
import type { StoredResult } from '../../core/decide.ts';
import { type HistoryEntry, isFinal } from '../../core/task.ts';
import type { getTask } from '../../service/get-task.ts';

type StoredTask = Awaited<ReturnType<typeof getTask>>;

const decoder = new TextDecoder();

/** `taskPayload` is left out when the payload was not asked for, `returnPayload` while there is no result. */
export function encodeTask(
  { task, payload, result }: StoredTask,
  place: { readonly region: string; readonly account: string },
): Record<string, unknown> {
  return {
    taskId: task.taskId,
    requestId: task.requestId,
    // Without the qualifier, which has a member of its own here.
    functionArn: functionArn(place, task.functionName),
    qualifier: task.qualifier,
    status: task.status,
    startedTime: task.acceptedAtMs,
    // 0 while unfinished: a vendor's tool tests for it.
    endTime: task.endedAtMs ?? 0,
    durationMs: task.durationMs,
    alreadyRetriedTimes: task.retryCount,
    destinationStatus: task.destinationStatus,
    taskErrorMessage: task.error,
    ...(payload !== null && { taskPayload: decoder.decode(payload) }),
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
