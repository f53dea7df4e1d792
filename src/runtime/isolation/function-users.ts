/**
 * Users for instances, one each while it lives: what keeps them apart where the server may choose (it runs as root). They
 * are numbers without a name, and own nothing but the temp folder of their instance.
 */
import { createHash } from 'node:crypto';

export interface UserRange {
  readonly first: number;
  readonly count: number;
}

const USERS_EACH = 1024;
/** Above what systemd hands to containers, below the largest number that every tool takes. */
const LARGE: UserRange = { first: 1_900_000_000, count: 240_000_000 };
/** In a container whose user numbers end at 65,535: what systemd's list of ranges leaves unused. */
const SMALL: UserRange = { first: 60_578, count: 606 };

/**
 * The numbers of one server. Two servers of one machine get other ones, by the name of their data folder: were a number
 * shared, either could end the other's instances.
 *
 * @param uidMap what /proc/self/uid_map says: which numbers exist here
 */
export function userRange(uidMap: string, dataFolderId: string): UserRange {
  if (!exists(uidMap, LARGE)) return SMALL;
  const blocks = Math.floor(LARGE.count / USERS_EACH);
  const block = createHash('sha256').update(dataFolderId).digest().readUInt32BE(0) % blocks;
  return { first: LARGE.first + block * USERS_EACH, count: USERS_EACH };
}

function exists(uidMap: string, { first, count }: UserRange): boolean {
  return uidMap.split('\n').some((line) => {
    const [start = NaN, , length = 0] = line.trim().split(/\s+/).map(Number);
    return start <= first && first + count <= start + length;
  });
}

export class FunctionUsers {
  readonly range: UserRange;
  /** Given back ones last, so that a number is not used again soon. */
  readonly #free: number[];

  constructor(range: UserRange) {
    this.range = range;
    this.#free = Array.from({ length: range.count }, (_, index) => range.first + index);
  }

  /** @throws Error when all are taken */
  take(): number {
    const uid = this.#free.shift();
    if (uid === undefined) throw new Error(`all ${this.range.count} users for instances are taken`);
    return uid;
  }

  /** To be called when neither a process nor a file of it is left. */
  giveBack(uid: number): void {
    this.#free.push(uid);
  }
}
