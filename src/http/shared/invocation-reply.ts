/** The answer to a synchronous invocation; the same in every version of the API. */
import { type Execution, errorTypeOf, resultBytes } from '../../core/outcome.ts';
import { utf8Text } from '../../core/utf8-text.ts';
import type { Invoked } from '../../service/invoke-function.ts';
import type { Reply } from './call.ts';

export function invocationReply(invoked: Invoked, withLog: boolean): Reply {
  const { execution } = invoked;
  const body = resultBytes(execution);
  return {
    status: 200,
    headers: { ...measurements(invoked), ...verdict(execution, body), ...(withLog && logResult(execution)) },
    body,
  };
}

export function measurements({ execution, runnable: { versionId, settings } }: Invoked): Record<string, string> {
  return {
    'X-Fc-Instance-Id': execution.instanceId,
    ...(settings.code && { 'X-Fc-Code-Checksum': settings.code.checksum }),
    'X-Fc-Invocation-Duration': String(Math.round(execution.durationMs)),
    'X-Fc-Max-Memory-Usage': execution.maxMemoryMb.toFixed(2),
    'X-Fc-Invocation-Service-Version': versionId === '0' ? 'LATEST' : versionId,
  };
}

const BYTES = { 'Content-Type': 'application/octet-stream' };

/**
 * A function that failed answers 200 as well; only the error type tells. Results are never called JSON: the 2016 SDK would
 * parse them. An error document is, so that this SDK gives it as an object; but a server of a `custom` runtime fails with
 * whatever it likes, and on a text that calls itself JSON the SDK throws.
 */
function verdict({ outcome }: Execution, body: Uint8Array): Record<string, string> {
  const errorType = errorTypeOf(outcome);
  if (errorType === undefined) return BYTES;
  return { ...(isJson(body) ? { 'Content-Type': 'application/json' } : BYTES), 'X-Fc-Error-Type': errorType };
}

function isJson(body: Uint8Array): boolean {
  const text = utf8Text(body);
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function logResult({ logTail }: Execution): Record<string, string> {
  return { 'X-Fc-Log-Result': Buffer.from(logTail).toString('base64') };
}
