/**
 * Request ids: on every answer, in every log line, and the default id of a task.
 *
 * They begin with the time, to the millisecond, because the store's unique key on task ids is a tree: ids that are random
 * within a second made each accept write a page of its own (1.86 page writes a task at 64 connections, 1.25 with the
 * time in front). The rest is random: unique without coordination between nodes, and not to be guessed, as a task id should be.
 */
import { randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 10;
const POOL_BYTES = RANDOM_BYTES * 1024;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** The 3.0 form, `1-64e70cf1-5cbef92e-a8fc8c42899c`: seconds, then 4096ths of one, then 68 random bits. */
export function newRequestId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const fraction = ((nowMs - seconds * 1000) * 4096) / 1000;
  const random = randomHex();
  return `1-${hex(seconds, 8)}-${hex(fraction, 3)}${random.slice(0, 5)}-${random.slice(5, 17)}`;
}

/** The 2.0 form, a UUID; of version 7: milliseconds, then 74 random bits. */
export function newUuid(nowMs: number): string {
  const time = hex(nowMs, 12);
  const random = randomHex();
  const variant = '89ab'.charAt(Number.parseInt(random.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** 20 digits from a pool, because asking the system for each id costs more than the rest of the routing. */
function randomHex(): string {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.toString('hex', used - RANDOM_BYTES, used);
}

function hex(value: number, digits: number): string {
  return Math.floor(value).toString(16).padStart(digits, '0');
}
