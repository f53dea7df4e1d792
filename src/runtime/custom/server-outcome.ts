/** What the end of a request to a function's server says about the execution. Pure. */
import { rawHeaderLines } from '../../core/http-request.ts';
import type { ResponseHead } from '../../core/http-response.ts';
import type { Outcome } from '../../core/outcome.ts';
import { errorDocument, initializationError } from '../error-document.ts';
import type { ServerCallEnd } from './server-call.ts';

/**
 * What the answer of a program is: the result of an event; the answer of a server to a request; or the result of a
 * program that asked the runtime API, with Function Compute 2.0's params where it answers a request.
 */
export type AnswerKind = 'result' | 'response' | 'params';

/** What a program of 2.0 tells of its answer to a request, base64 of JSON. */
export const HTTP_PARAMS = 'x-fc-http-params';

/**
 * The server says by `x-fc-status` whether it succeeded. To an event an answer without that header is a success even
 * with a 5xx, and its status and other headers are lost on the way, as in Function Compute; to a request, which is
 * answered as it is, a 5xx is a failure.
 */
export function invokeOutcome(end: ServerCallEnd, answer: AnswerKind): Outcome {
  switch (end.kind) {
    case 'answered':
      return answered(end, answer);
    case 'broken':
      return {
        kind: 'function-error',
        handled: false,
        document: errorDocument(`The function's server gave no answer: ${end.reason}`, 'BadResponse'),
      };
    case 'timed-out':
      return { kind: 'timed-out', timeoutMs: end.timeoutMs };
    case 'aborted':
      return { kind: end.reason === 'stop' ? 'stopped' : 'interrupted' };
  }
}

function answered(end: Extract<ServerCallEnd, { kind: 'answered' }>, answer: AnswerKind): Outcome {
  const { status, headers, body } = end;
  const said = headers['x-fc-status'];
  const failed = said === undefined ? answer === 'response' && status >= 500 : isFailure(said);
  const head = responseHead(end, answer);
  const response = head && { response: head };
  return failed
    ? { kind: 'function-error', handled: false, document: body, ...response }
    : { kind: 'returned', result: body, ...response };
}

function responseHead(end: Extract<ServerCallEnd, { kind: 'answered' }>, answer: AnswerKind): ResponseHead | undefined {
  const { status, headers, rawHeaders } = end;
  if (answer === 'response') return { status, headers: rawHeaderLines(rawHeaders) };
  return answer === 'params' ? readParams(headers[HTTP_PARAMS]) : undefined;
}

/** The word of user code: what it leaves out, or gets wrong, is a 200 without headers. */
function readParams(text: string | readonly string[] | undefined): ResponseHead {
  const { status, headersMap } = parse(Buffer.from(String(text ?? ''), 'base64').toString());
  const lines = typeof headersMap === 'object' && headersMap !== null ? Object.entries(headersMap) : [];
  return {
    status: typeof status === 'number' ? status : 200,
    headers: lines.flatMap(([name, values]) =>
      [values as unknown].flat().map((value) => [name, String(value)] as const),
    ),
  };
}

function parse(json: string): { readonly status?: unknown; readonly headersMap?: unknown } {
  try {
    return (JSON.parse(json) ?? {}) as { readonly status?: unknown; readonly headersMap?: unknown };
  } catch {
    return {};
  }
}

/** Undefined when the initializer succeeded. */
export function initializeOutcome(end: ServerCallEnd): Outcome | undefined {
  switch (end.kind) {
    case 'answered':
      if (end.status >= 200 && end.status < 300) return undefined;
      return initializationError(`The initializer answered ${end.status}: ${end.body.toString('utf8', 0, 1024)}`);
    case 'broken':
      return initializationError(`The function's server gave no answer to the initializer: ${end.reason}`);
    case 'timed-out':
      return initializationError(`Function was not initialized within ${end.timeoutMs / 1000} seconds`);
    case 'aborted':
      return { kind: 'interrupted' };
  }
}

/** @param errorType `CAExited` and `FunctionNotStarted` are Function Compute's */
/** 404 is the documented one. */
function isFailure(status: string | readonly string[]): boolean {
  return Number(status) >= 400;
}
