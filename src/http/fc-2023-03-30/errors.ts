/** Names of errors in 3.0: where each was seen is in docs/errors.md. Names that end in `NotExists` are the real service's own unevenness. */
import { wireErrors } from '../shared/wire-errors.ts';

export const ERRORS_2023_03_30 = wireErrors({
  AsyncConfigNotFound: 'AsyncConfigNotExists',
  ConcurrencyConfigNotFound: 'OnDemandConfigNotFound',
  TaskNotFound: 'AsyncTaskNotFound',
  TaskAlreadyExists: 'AsyncTaskAlreadyExists',
  ConcurrentUpdate: 'ConcurrentUpdateError',
  TaskAlreadyCompleted: 'AsyncTaskAlreadyCompleted',
});
