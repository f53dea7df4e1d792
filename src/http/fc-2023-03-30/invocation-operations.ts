/** InvokeFunction, synchronous and asynchronous. The payload is bytes: its content type says nothing about it. */
import { invalidArgument } from '../../core/errors.ts';
import { SYNC_PAYLOAD_BYTES_MAX } from '../../core/limits.ts';
import { type Execution, errorTypeOf, resultBytes } from '../../core/outcome.ts';
import type { Runnable } from '../../core/resources.ts';
import { invokeAsync } from '../../service/invoke-async.ts';
import { invokeFunction } from '../../service/invoke-function.ts';
import { type Call, pathParameter, type Reply, type RequestHeaders } from '../shared/call.ts';
import type { Operation } from '../shared/operation.ts';

export const INVOCATION_OPERATIONS: readonly Operation[] = [
  {
    name: 'InvokeFunction',
    method: 'POST',
    path: '/functions/{functionName}/invocations',
    bodyBytesMax: (headers, settings) => (isAsync(headers) ? settings.asyncPayloadBytesMax : SYNC_PAYLOAD_BYTES_MAX),
    handle: async (call) => (isAsync(call.headers) ? await accept(call) : await invoke(call)),
  },
];

function isAsync(headers: RequestHeaders): boolean {
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

async function accept(call: Call): Promise<Reply> {
  const { context, caller, headers, query, body } = call;
  const logType = headers['x-fc-log-type'] ?? '';
  // The log of something that has not run yet cannot be in the answer; the real service refuses it in these words.
  if (logType !== '' && logType !== 'None') {
    throw invalidArgument(`LogType is set to an invalid value (allowed: None, actual: '${logType}')`);
  }
  const { taskId, tracked } = await invokeAsync(context, caller, {
    functionName: pathParameter(call, 'functionName'),
    qualifier: query.text('qualifier'),
    payload: body,
    taskId: taskIdOf(headers),
    delaySeconds: delaySecondsOf(headers, context.settings.delaySecondsMax),
    forceTracked: false,
  });
  return tracked ? { status: 202, headers: { 'X-Fc-Async-Task-Id': taskId } } : { status: 202 };
}

/** Under its 2.0 name too: functions that were called through the older API are called by older code. */
function taskIdOf(headers: RequestHeaders): string | null {
  const taskId = headers['x-fc-async-task-id'] || null;
  const olderName = headers['x-fc-stateful-async-invocation-id'] || null;
  if (taskId !== null && olderName !== null && taskId !== olderName) {
    throw invalidArgument('x-fc-async-task-id and x-fc-stateful-async-invocation-id name different tasks');
  }
  return taskId ?? olderName;
}

function delaySecondsOf(headers: RequestHeaders, delaySecondsMax: number): number {
  const text = headers['x-fc-async-delay'] ?? '';
  if (text === '') return 0;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= delaySecondsMax) return seconds;
  throw invalidArgument(`x-fc-async-delay must be an integer from 0 to ${delaySecondsMax} (actual: '${text}')`);
}

async function invoke(call: Call): Promise<Reply> {
  const { context, caller, headers, query, body: payload, signal } = call;
  const withLog = wantsLog(headers);
  const { execution, runnable } = await invokeFunction(context, caller, {
    functionName: pathParameter(call, 'functionName'),
    qualifier: query.text('qualifier'),
    payload,
    signal,
  });
  return {
    status: 200,
    headers: { ...measurements(execution, runnable), ...verdict(execution), ...(withLog && logResult(execution)) },
    body: resultBytes(execution),
  };
}

function wantsLog(headers: RequestHeaders): boolean {
  const logType = headers['x-fc-log-type'] ?? '';
  if (logType === '' || logType === 'None') return false;
  if (logType === 'Tail') return true;
  throw invalidArgument(`LogType is set to an invalid value (allowed: Tail | None, actual: '${logType}')`);
}

function measurements(execution: Execution, { versionId, settings }: Runnable): Record<string, string> {
  return {
    'X-Fc-Instance-Id': execution.instanceId,
    'X-Fc-Code-Checksum': settings.code.checksum,
    'X-Fc-Invocation-Duration': String(Math.round(execution.durationMs)),
    'X-Fc-Max-Memory-Usage': execution.maxMemoryMb.toFixed(2),
    'X-Fc-Invocation-Service-Version': versionId === '0' ? 'LATEST' : versionId,
  };
}

/** A function that failed answers 200 as well; only the error type tells. Results are never called JSON: an SDK would parse them. */
function verdict({ outcome }: Execution): Record<string, string> {
  const errorType = errorTypeOf(outcome);
  if (errorType === undefined) return { 'Content-Type': 'application/octet-stream' };
  return { 'Content-Type': 'application/json', 'X-Fc-Error-Type': errorType };
}

function logResult({ logTail }: Execution): Record<string, string> {
  return { 'X-Fc-Log-Result': Buffer.from(logTail).toString('base64') };
}
