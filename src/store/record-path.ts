/** Record paths as one text: comparing two texts orders paths name by name, and "begins with" is a range of texts. */
import type { RecordPath, RecordQuery } from './store.ts';

/** Ends each name. Below every character that a name may have, so that `a` sorts before `a-b` at any depth. */
const END_OF_NAME = '\u0001';
/** Above every text that continues a key: the highest code point. */
const AFTER_ALL = '\u{10ffff}';

export function recordKey(path: RecordPath): string {
  let key = '';
  for (const name of path) {
    if (name.includes(END_OF_NAME)) throw new RangeError('a record name must not contain U+0001');
    key += name + END_OF_NAME;
  }
  return key;
}

export function recordPath(key: string): RecordPath {
  return key.split(END_OF_NAME).slice(0, -1);
}

/** Keys `from <= key < before`. */
export interface KeyRange {
  readonly from: string;
  readonly before: string;
}

/** The paths that begin with these names (the path itself among them), the next name beginning with `namePrefix`. */
export function keysUnder(path: RecordPath, namePrefix = ''): KeyRange {
  const from = recordKey(path) + namePrefix;
  return { from, before: from + AFTER_ALL };
}

/** The keys among which a query looks: those below its path, from its place on in its order. */
export function keysOf({ under, namePrefix, from, order }: RecordQuery): KeyRange {
  const range = keysUnder(under, namePrefix);
  const start = from && recordKey(from);
  if (start === undefined) return range;
  // The least text above a key is that key with the lowest character behind it: names have none below U+0001.
  if (order === 'descending') return { from: range.from, before: least(range.before, `${start}\u0001`) };
  return { from: greatest(range.from, start), before: range.before };
}

const least = (a: string, b: string): string => (a < b ? a : b);
const greatest = (a: string, b: string): string => (a > b ? a : b);
