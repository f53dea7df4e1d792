/** What a server's data is known by, made once and kept with the data: every node of one store has the same. */
import type { Records } from '../store/store.ts';

export interface ServerIdentity {
  /** Hexadecimal, 32 bytes: seals cursors and links. */
  readonly sealingKey: string;
  /** Marks the processes of the servers on this data. */
  readonly dataId: string;
}

const PATH = ['identity'];

/** The stored identity; the candidate becomes it when there is none. */
export async function ensureIdentity(records: Records, candidate: ServerIdentity): Promise<ServerIdentity> {
  // Two nodes that start at once on new data: one of them writes, both read.
  await records.writeRecords([{ write: 'put', kind: 'server', path: PATH, document: candidate, expect: 'absent' }]);
  const stored = await records.getRecord('server', PATH);
  if (stored === undefined) throw new Error('the store did not keep the identity of the server');
  return stored.document as ServerIdentity;
}
