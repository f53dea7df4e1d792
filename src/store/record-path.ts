/** Record paths as one text: comparing two texts orders paths name by name, and "begins with" is a range of texts. */
import type { RecordPath } from './store.ts';

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
