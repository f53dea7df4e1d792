/** What the server knows of an API version: which paths are its own, and how it names errors and requests. */
import type { WireErrors } from './error-document.ts';
import type { Router } from './router.ts';

export interface Dialect {
  /** The first segment of its paths, and what `x-acs-version` must say. */
  readonly version: string;
  /** Takes no signature that leaves a part of the request out. */
  readonly acs3Only?: boolean;
  readonly router: Router;
  readonly errors: WireErrors;
  /** The id of one request, in the form that this version's clients know. */
  readonly newRequestId: (nowMs: number) => string;
}
