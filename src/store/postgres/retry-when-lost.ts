/** Work that lost to a neighbour, tried again. */
import { StoreUnavailable } from '../store.ts';
import { StatementLost } from './session.ts';

const TRIES_MAX = 4;

/** What lost to a neighbour (a deadlock, mostly) is done again a few times. */
export async function retryWhenLost<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StatementLost)) throw error;
      if (tries === TRIES_MAX)
        throw new StoreUnavailable(`the database is contended: ${error.message}`, { cause: error });
    }
  }
}
