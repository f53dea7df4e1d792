/**
 * The one error object that the readers of every dialect understand: the 2023 and 2021 SDKs read `Code`, `Message` and
 * `RequestId` and report the code `undefined` without them; the 2016 SDK reads `ErrorCode` and `ErrorMessage`. Members
 * that an SDK does not know are harmless to it.
 */
import type { ErrorCode, FcError } from '../../core/errors.ts';
import type { Reply } from './call.ts';

export interface WireError {
  /** The dialect's own name of the code. */
  readonly code: string;
  /** HTTP status, 400 and above. */
  readonly status: number;
}

/** A dialect's names and statuses, one for every code that the core knows. */
export type WireErrors = Readonly<Record<ErrorCode, WireError>>;

export function errorReply(errors: WireErrors, error: FcError, requestId: string): Reply {
  const { code, status } = errors[error.code];
  const { message } = error;
  return {
    status,
    json: { Code: code, Message: message, RequestId: requestId, ErrorCode: code, ErrorMessage: message },
  };
}
