/**
 * The `nextToken` of a task list: a place in the order of acceptance, sealed so that it cannot be forged, and bound to
 * the account and to everything that decides what the list holds. The page size may change between pages.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidArgument } from '../core/errors.ts';
import type { TaskCursor, TaskQuery } from '../store/store.ts';

const PLACE_BYTES = 16;
const SEAL_BYTES = 16;

type Filter = Omit<TaskQuery, 'limit' | 'after' | 'includePayload'>;

export function sealCursor(key: Uint8Array, filter: Filter, cursor: TaskCursor): string {
  const place = Buffer.alloc(PLACE_BYTES);
  place.writeBigUInt64BE(BigInt(cursor.acceptedAtMs), 0);
  place.writeBigUInt64BE(BigInt(cursor.sequence), 8);
  return Buffer.concat([place, seal(key, filter, place)]).toString('base64url');
}

/** Rejects with `InvalidArgument` what this server did not give out for this list. */
export function openCursor(key: Uint8Array, filter: Filter, token: string): TaskCursor {
  const bytes = Buffer.from(token, 'base64url');
  const place = bytes.subarray(0, PLACE_BYTES);
  const genuine =
    bytes.byteLength === PLACE_BYTES + SEAL_BYTES &&
    timingSafeEqual(bytes.subarray(PLACE_BYTES), seal(key, filter, place));
  if (!genuine) {
    throw invalidArgument(
      'nextToken must be the one that the previous page of the same list gave, with the same filters',
    );
  }
  return { acceptedAtMs: Number(place.readBigUInt64BE(0)), sequence: Number(place.readBigUInt64BE(8)) };
}

function seal(key: Uint8Array, filter: Filter, place: Uint8Array): Buffer {
  const bound = JSON.stringify([
    filter.account,
    filter.functionName,
    filter.qualifier ?? null,
    filter.status ?? null,
    filter.idPrefix ?? null,
    filter.acceptedFromMs ?? null,
    filter.acceptedToMs ?? null,
    filter.order,
  ]);
  return createHmac('sha256', key).update(bound).update(place).digest().subarray(0, SEAL_BYTES);
}
