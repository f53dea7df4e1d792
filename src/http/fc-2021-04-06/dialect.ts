/**
 * Function Compute 2.0, API version 2021-04-06.
 *
 * The contract is what `@alicloud/fc-open20210406` 2.0.13 (with `@alicloud/openapi-client` 0.4.15) sent and understood
 * when it was captured against an echo server on 2026-11-20, and the vendor's OpenAPI metadata of that version.
 *
 * Gaps: the operations of `unsupported-operations.ts`; routing of an alias by content; on-demand configurations of an alias.
 *
 * Different on purpose: as in 3.0 (`startedTime`, `returnPayload`, the other version's task id header); the qualifier
 * may stand on the service, as in 2016.
 *
 * Quirks of clients that decide how answers look:
 * - The SDK signs by ACS3 and reads errors as that of 3.0 does: `Code`, `Message` and `RequestId` in the body.
 * - It calls every payload JSON, text or not, and sends it through UTF-8: bytes that are none arrive broken.
 * - `updateFunction` sends `InstanceConcurrency` with a capital letter.
 * - It throws on `null` and on arrays where an answer is to be an object, and on date strings where it is to be a number.
 */
import type { Dialect } from '../shared/dialect.ts';
import { ERRORS_2 } from '../shared/fc-2/errors.ts';
import { operationsOf } from '../shared/fc-2/operations.ts';
import type { Operation } from '../shared/operation.ts';
import { newUuid } from '../shared/request-id.ts';
import { Router } from '../shared/router.ts';
import { FORM } from './form.ts';
import { UNSUPPORTED_OPERATIONS } from './unsupported-operations.ts';

const VERSION = '2021-04-06';

export const OPERATIONS_2021_04_06: readonly Operation[] = [...operationsOf(FORM), ...UNSUPPORTED_OPERATIONS];

export const FC_2021_04_06: Dialect = {
  version: VERSION,
  router: new Router(OPERATIONS_2021_04_06, `/${VERSION}`),
  errors: ERRORS_2,
  newRequestId: newUuid,
};
