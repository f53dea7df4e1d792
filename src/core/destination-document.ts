/** Function Compute's result document: what a destination is told of an ended task. */
import { ownFunctionArn } from './arn.ts';
import { payloadText } from './payload-text.ts';
import type { Task } from './task.ts';
import { shownText } from './utf8-text.ts';

export interface EndedTask {
  readonly task: Task;
  readonly payload: Uint8Array;
  /** Null when no attempt gave one. */
  readonly result: Uint8Array | null;
}

/**
 * UTF-8 JSON. Payloads are strings even where their content is JSON. `condition` is the error code; empty on success
 * and for a stopped task, as in the vendor's demo. `functionError` is set only when the function itself failed.
 */
export function destinationDocument({ task, payload, result }: EndedTask, region: string, nowMs: number): Uint8Array {
  const functionError = task.status === 'Failed' && result !== null ? task.error : '';
  const document = {
    timestamp: nowMs,
    requestContext: {
      requestId: task.requestId,
      functionArn: ownFunctionArn({ region, account: task.account }, task.functionName, task.qualifier),
      condition: task.error,
      approximateInvokeCount: task.attempt,
    },
    requestPayload: payloadText(task, payload),
    responseContext: { statusCode: 200, functionError },
    responsePayload: result === null ? '' : shownText(result),
  };
  return new TextEncoder().encode(JSON.stringify(document));
}
