/**
 * Function Compute 3.0, API version 2023-03-30.
 *
 * The contract is what `@alicloud/fc20230330` 4.7.6 (with `@alicloud/openapi-core` 1.0.8) sent and understood when it
 * was captured against an echo server on 2026-11-20, and the vendor's OpenAPI metadata of that version. Requests and
 * answers of the captures are the golden tests beside this file.
 *
 * Gaps: the operations of `unsupported-operations.ts`; the older signatures (`signatureAlgorithm: 'v2'`).
 *
 * Different on purpose: `startedTime` is the time of acceptance and never moves; `returnPayload` is always kept; the
 * task id header's 2.0 name is taken too; an answer is never compressed.
 *
 * Quirks of clients that decide how answers look:
 * - Anything below 400 is success to the SDK, redirects included, and so is never sent by mistake as 3xx.
 * - An operation whose result is JSON must never answer an empty body: the SDK throws a SyntaxError.
 * - The SDK reads error codes from `Code` in the body alone and reports `undefined` for anything else.
 * - Number members throw on date strings, list members on objects; `null` and absent are fine everywhere.
 */
import type { Dialect } from '../shared/dialect.ts';
import type { Operation } from '../shared/operation.ts';
import { newRequestId } from '../shared/request-id.ts';
import { Router } from '../shared/router.ts';
import { ALIAS_OPERATIONS } from './alias-operations.ts';
import { ASYNC_CONFIG_OPERATIONS } from './async-config-operations.ts';
import { CONCURRENCY_OPERATIONS } from './concurrency-operations.ts';
import { ERRORS_2023_03_30 } from './errors.ts';
import { FUNCTION_OPERATIONS } from './function-operations.ts';
import { INSTANCE_OPERATIONS } from './instance-operations.ts';
import { INVOCATION_OPERATIONS } from './invocation-operations.ts';
import { LAYER_OPERATIONS } from './layer-operations.ts';
import { PROVISION_OPERATIONS } from './provision-operations.ts';
import { TASK_OPERATIONS } from './task-operations.ts';
import { TRIGGER_OPERATIONS } from './trigger-operations.ts';
import { UNSUPPORTED_OPERATIONS } from './unsupported-operations.ts';
import { VERSION_OPERATIONS } from './version-operations.ts';

const VERSION = '2023-03-30';

export const OPERATIONS_2023_03_30: readonly Operation[] = [
  ...INVOCATION_OPERATIONS,
  ...TASK_OPERATIONS,
  ...ASYNC_CONFIG_OPERATIONS,
  ...FUNCTION_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...ALIAS_OPERATIONS,
  ...CONCURRENCY_OPERATIONS,
  ...PROVISION_OPERATIONS,
  ...INSTANCE_OPERATIONS,
  ...LAYER_OPERATIONS,
  ...TRIGGER_OPERATIONS,
  ...UNSUPPORTED_OPERATIONS,
];

export const FC_2023_03_30: Dialect = {
  version: VERSION,
  router: new Router(OPERATIONS_2023_03_30, `/${VERSION}`),
  errors: ERRORS_2023_03_30,
  newRequestId,
};
