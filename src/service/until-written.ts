/** A change by compare-and-set, tried again when another change came between. */
import { FcError } from '../core/errors.ts';
import type { Records } from '../store/store.ts';

/** Losing twice in a row takes two other writers within milliseconds; a caller who meets more is told so. */
const TRIES_MAX = 4;

export interface Written<Result> {
  readonly answer: Awaited<ReturnType<Records['writeRecords']>>;
  readonly result: Result;
}

/**
 * The result of the change once it is written. Rejects with `ConcurrentUpdate` when it loses again and again.
 *
 * @param what for the caller: `function 'name'`
 * @param change reads anew what it changes; throws to refuse
 */
export async function untilWritten<Result>(what: string, change: () => Promise<Written<Result>>): Promise<Result> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { answer, result } = await change();
    if (answer === 'written') return result;
  }
  throw new FcError('ConcurrentUpdate', `${what} is changed by somebody else; try again`);
}
