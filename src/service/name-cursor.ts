/**
 * The `nextToken` of lists in order of names: the names that lead to the next page's first item, in base64url. Not
 * sealed as a task list's is: whoever makes one up only chooses where in the own account's list to begin.
 */
import { invalidArgument } from '../core/errors.ts';

/** What any name of any kind is made of; a store is never asked about anything else. */
const NAME = /^[A-Za-z0-9._$-]{1,257}$/;

export function encodeNames(names: readonly string[]): string {
  return Buffer.from(names.join('/')).toString('base64url');
}

/** @param count how many names lead to an item of this list; a token of another list is refused */
export function decodeNames(token: string, count: number): readonly string[] {
  const names = Buffer.from(token, 'base64url').toString().split('/');
  // The decoder skips what is not base64url, so only what it encodes to again was whole.
  if (names.length === count && names.every((name) => NAME.test(name)) && encodeNames(names) === token) return names;
  throw invalidArgument('nextToken must be the one that the previous page of the same list gave');
}
