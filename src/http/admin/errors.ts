/** Names and statuses of errors outside of any API version: the core's own codes. */
import { wireErrors } from '../shared/wire-errors.ts';

export const ADMIN_ERRORS = wireErrors();
