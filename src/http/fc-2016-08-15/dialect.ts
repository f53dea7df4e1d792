/**
 * Function Compute 2.0, API version 2016-08-15.
 *
 * The contract is what `@alicloud/fc2` 2.6.6 sent and understood when it was captured against an echo server on
 * 2026-11-20, and what the vendor's other SDKs of this version (Go, Java, Python) call.
 *
 * Gaps: the operations of `unsupported-operations.ts`; presigned queries of HTTP triggers; a login into an
 * instance; a list parameter that is given more than once (`instanceIds`).
 *
 * Different on purpose: as in 3.0 (`startedTime`, `returnPayload`, the other version's task id header); times of tasks are
 * integers, which one page of the vendor's shows as dates; `invocationPayload` begins with a small letter, as all SDKs
 * read it.
 *
 * Quirks of clients that decide how answers look:
 * - The SDK has no methods for tasks: its users call `get` and `put` with the path.
 * - It parses whatever calls itself JSON, empty or not: an answer without result has no content type.
 * - It reads `ErrorCode` and `ErrorMessage` from the body and the request id from the header.
 * - It signs with the FC scheme, over the decoded path and not over the query.
 * - It sends the name of the host without the port, parameters that are empty, and `deleteService`'s options as headers.
 */
import type { Dialect } from '../shared/dialect.ts';
import { ERRORS_2 } from '../shared/fc-2/errors.ts';
import { GET_LAYER_VERSION_BY_ARN } from '../shared/fc-2/layer-operations.ts';
import { operationsOf } from '../shared/fc-2/operations.ts';
import type { Operation } from '../shared/operation.ts';
import { newUuid } from '../shared/request-id.ts';
import { Router } from '../shared/router.ts';
import { FORM } from './form.ts';
import { UNSUPPORTED_OPERATIONS } from './unsupported-operations.ts';

const VERSION = '2016-08-15';

export const OPERATIONS_2016_08_15: readonly Operation[] = [
  ...operationsOf(FORM),
  GET_LAYER_VERSION_BY_ARN,
  ...UNSUPPORTED_OPERATIONS,
];

export const FC_2016_08_15: Dialect = {
  version: VERSION,
  router: new Router(OPERATIONS_2016_08_15, `/${VERSION}`),
  errors: ERRORS_2,
  newRequestId: newUuid,
};
