/** Request ids: on every answer, in every log line, and the default id of a task. */
import { randomFillSync } from 'node:crypto';

/** 80 bits: unique without coordination between nodes, and not to be guessed, as a task id should be. */
const ID_BYTES = 10;
const POOL_BYTES = ID_BYTES * 1024;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * The 3.0 form, `1-64e70cf1-5cbef92e-a8fc8c42899c`: time in seconds, then random. Drawn from a pool, because asking the
 * system for each id costs more than the rest of the routing.
 */
export function newRequestId(nowMs: number): string {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + ID_BYTES);
  used += ID_BYTES;
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${random.slice(0, 8)}-${random.slice(8)}`;
}
