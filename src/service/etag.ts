/** Entity tags of 2.0: what `If-Match` is compared with, so that a change made on an old reading is refused. */
import { hash } from 'node:crypto';
import { FcError } from '../core/errors.ts';

const LENGTH = 32;

/** A digest of the stored document: every change gives another, and two nodes give the same. */
export function etagOf(document: unknown): string {
  return hash('sha256', JSON.stringify(document), 'hex').slice(0, LENGTH);
}

/**
 * Throws `PreconditionFailed` unless the document is the one that was read. Inside a compare-and-set, so that nobody
 * changes it between the look and the write.
 *
 * @param ifMatch as it was sent, quoted or not; empty when it was not, `*` for any
 */
export function checkEtag(ifMatch: string, document: unknown): void {
  const wanted = ifMatch.replace(/^"(.*)"$/, '$1');
  if (wanted === '' || wanted === '*' || wanted === etagOf(document)) return;
  throw new FcError('PreconditionFailed', 'the resource being modified has been changed; read it again for its ETag');
}
