/** An answer with the entity tag that a later `If-Match` may name. */
import { etagOf } from '../../../service/etag.ts';
import type { Reply } from '../call.ts';

/** @param resource the stored document that a change is compared with */
export function okTagged(json: unknown, resource: unknown): Reply {
  // `Etag`, not `ETag`: one SDK looks for exactly that.
  return { status: 200, headers: { Etag: etagOf(resource) }, json };
}
