/** Turns whatever a request ended with into something that may be told to its sender. */
import { FcError } from '../core/errors.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Faults of the server are logged with the request id, which is all that the sender gets of them; refusals for whoever looks. */
export function refusalOf(error: unknown, requestId: string, logger: Logger): FcError {
  if (error instanceof FcError) {
    logger.debug({ requestId, reason: error.message }, 'a request is refused');
    return error;
  }
  if (isStoreUnavailable(error)) {
    logger.warn({ requestId, err: error }, 'the store is unavailable');
    return new FcError('ResourceThrottled', error.message, { cause: error });
  }
  logger.error({ requestId, err: error }, 'a request failed');
  return new FcError('InternalServerError', `an internal error has occurred. Please retry. (request id: ${requestId})`);
}

/** By its name: this layer may not import the store's port, and need not for one class. */
function isStoreUnavailable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'StoreUnavailable';
}
