/** Names of errors in 2.0; provenance in docs/errors.md. Names that end in `NotExists` are the real service's own unevenness. */
import { wireErrors } from '../wire-errors.ts';

export const ERRORS_2 = wireErrors({
  AsyncConfigNotFound: 'AsyncConfigNotExists',
  ConcurrencyConfigNotFound: 'OnDemandConfigNotFound',
  TaskNotFound: 'StatefulAsyncInvocationNotFound',
  TaskAlreadyExists: 'StatefulAsyncInvocationAlreadyExists',
  ConcurrentUpdate: 'ConcurrentUpdateError',
  TaskAlreadyCompleted: 'StatefulAsyncInvocationAlreadyCompleted',
});
