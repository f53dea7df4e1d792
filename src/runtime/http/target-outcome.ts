/** What the end of a call to a URL says about the execution. Pure. */
import { STATUS_CODES } from 'node:http';
import type { Outcome } from '../../core/outcome.ts';
import { invokeOutcome } from '../custom/server-outcome.ts';
import { errorDocument, initializationError } from '../error-document.ts';
import type { TargetCallEnd } from './call-target.ts';
import { NOT_ALLOWED, URL_VARIABLE } from './target-url.ts';

/** Of an answer that is no result so much is shown in the error. */
const BODY_SHOWN_BYTES = 1_024;

/**
 * As for a custom server, with one difference: an answer without `x-fc-status` counts only when it is a 2xx. Between
 * here and the function there may be proxies, and what they say when it is down must not pass for its result.
 */
export function targetOutcome(end: TargetCallEnd): Outcome {
  if (end.kind === 'not-allowed') return initializationError(`${URL_VARIABLE} ${NOT_ALLOWED}`, 'AddressNotAllowed');
  // Nothing was sent, so the code did not run: tried again like any want of an instance.
  if (end.kind === 'unreached') return { kind: 'no-instance', reason: `${URL_VARIABLE} is not reached: ${end.reason}` };
  if (end.kind !== 'answered' || end.headers['x-fc-status'] !== undefined) return invokeOutcome(end, 'result');
  const { status, body } = end;
  if (status >= 200 && status < 300) return { kind: 'returned', result: body };
  const said = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const hint = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  const shown = body.toString('utf8', 0, BODY_SHOWN_BYTES);
  const errorMessage = `The function's URL answered ${said} without x-fc-status${hint}: ${shown}`;
  return { kind: 'function-error', handled: false, document: errorDocument(errorMessage, 'BadResponse') };
}
