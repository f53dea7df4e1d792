/** The members of a task that have one name in every version of the API. Times are integers: the SDKs throw on date strings here. */
import type { StoredResult } from '../../core/decide.ts';
import { type HistoryEntry, isFinal } from '../../core/task.ts';
import { shownText } from '../../core/utf8-text.ts';
import type { getTask } from '../../service/get-task.ts';

export type StoredTask = Awaited<ReturnType<typeof getTask>>;

/** `returnPayload` is left out while there is no result. */
export function taskMembers({ task, result }: StoredTask): Record<string, unknown> {
  return {
    requestId: task.requestId,
    qualifier: task.qualifier,
    status: task.status,
    startedTime: task.acceptedAtMs,
    // 0 while unfinished: a vendor's tool tests for it.
    endTime: task.endedAtMs ?? 0,
    durationMs: task.durationMs,
    alreadyRetriedTimes: task.retryCount,
    destinationStatus: task.destinationStatus,
    ...(result !== null && { returnPayload: shownText(result.bytes) }),
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
