/** InvokeFunction, synchronous and asynchronous. The payload is bytes: the 2021 SDK calls every payload JSON. */
import { invalidArgument } from '../../../core/errors.ts';
import { SYNC_PAYLOAD_BYTES_MAX } from '../../../core/limits.ts';
import { type Execution, errorTypeOf, resultBytes } from '../../../core/outcome.ts';
import type { Runnable } from '../../../core/resources.ts';
import { invokeAsync } from '../../../service/invoke-async.ts';
import { invokeFunction } from '../../../service/invoke-function.ts';
import type { Call, Reply, RequestHeaders } from '../call.ts';
import type { Operation } from '../operation.ts';
import { type Form, FUNCTION, functionOf, withinService } from './form.ts';

export function invocationOperations(form: Form): readonly Operation[] {
  return withinService(form, [
    {
      name: 'InvokeFunction',
      method: 'POST',
      path: `${FUNCTION}/invocations`,
      bodyBytesMax: (headers, settings) => (isAsync(headers) ? settings.asyncPayloadBytesMax : SYNC_PAYLOAD_BYTES_MAX),
      handle: async (call) => (isAsync(call.headers) ? await accept(form, call) : await invoke(form, call)),
    },
  ]);
}

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

async function accept(form: Form, call: Call): Promise<Reply> {
  const { context, caller, headers, body } = call;
  const logType = headers['x-fc-log-type'] ?? '';
  // The log of something that has not run yet cannot be in the answer; the real service refuses it in these words.
  if (logType !== '' && logType !== 'None') {
    throw invalidArgument(`LogType is set to an invalid value (allowed: None, actual: '${logType}')`);
  }
  const { taskId, tracked } = await invokeAsync(context, caller, {
    ...functionOf(form, call),
    payload: body,
    taskId: taskIdOf(headers),
    delaySeconds: delaySecondsOf(headers, context.settings.delaySecondsMax),
    forceTracked: wantsTask(headers),
  });
  return tracked ? { status: 202, headers: { 'X-Fc-Stateful-Async-Invocation-Id': taskId } } : { status: 202 };
}

/** Under its 3.0 name too: a function may be called by code of either time. */
function taskIdOf(headers: RequestHeaders): string | null {
  const taskId = headers['x-fc-stateful-async-invocation-id'] || null;
  const newerName = headers['x-fc-async-task-id'] || null;
  if (taskId !== null && newerName !== null && taskId !== newerName) {
    throw invalidArgument('x-fc-stateful-async-invocation-id and x-fc-async-task-id name different tasks');
  }
  return taskId ?? newerName;
}

/** Task mode for this one invocation. */
function wantsTask(headers: RequestHeaders): boolean {
  const text = headers['x-fc-stateful-async-invocation-enable'] ?? '';
  if (text === '' || text === 'false') return false;
  if (text === 'true') return true;
  throw invalidArgument(`x-fc-stateful-async-invocation-enable must be true or false (actual: '${text}')`);
}

function delaySecondsOf(headers: RequestHeaders, delaySecondsMax: number): number {
  const text = headers['x-fc-async-delay'] ?? '';
  if (text === '') return 0;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= delaySecondsMax) return seconds;
  throw invalidArgument(`x-fc-async-delay must be an integer from 0 to ${delaySecondsMax} (actual: '${text}')`);
}

async function invoke(form: Form, call: Call): Promise<Reply> {
  const { context, caller, headers, body: payload, signal } = call;
  const withLog = wantsLog(headers);
  const input = { ...functionOf(form, call), payload, signal };
  const { execution, runnable } = await invokeFunction(context, caller, input);
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

/** A function that failed answers 200 as well; only the error type tells. Results are never called JSON: the 2016 SDK would parse them. */
function verdict({ outcome }: Execution): Record<string, string> {
  const errorType = errorTypeOf(outcome);
  if (errorType === undefined) return { 'Content-Type': 'application/octet-stream' };
  return { 'Content-Type': 'application/json', 'X-Fc-Error-Type': errorType };
}

function logResult({ logTail }: Execution): Record<string, string> {
  return { 'X-Fc-Log-Result': Buffer.from(logTail).toString('base64') };
}
