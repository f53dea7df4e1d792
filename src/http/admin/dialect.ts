/** What Meanwhile serves beyond Function Compute's API, under a prefix of its own; signed like the rest. */
import type { Dialect } from '../shared/dialect.ts';
import { newRequestId } from '../shared/request-id.ts';
import { Router } from '../shared/router.ts';
import { ACCESS_KEY_OPERATIONS } from './access-key-operations.ts';
import { ADMIN_ERRORS } from './errors.ts';

/** First path segment, and the `x-acs-version` that requests for it are signed with. */
const PREFIX = 'meanwhile';

export const ADMIN: Dialect = {
  version: PREFIX,
  // Key pairs are made here: a body that somebody changed on the way must not pass.
  acs3Only: true,
  router: new Router(ACCESS_KEY_OPERATIONS, `/${PREFIX}`),
  errors: ADMIN_ERRORS,
  newRequestId,
};
