/** The limits of the disk: the same rows, synced as often, without anything around them. */
import { join } from 'node:path';
import type { Added, Contender, Running } from '../contender.ts';
import { startProgram } from '../process/start-program.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { usageOf } from '../process/usage.ts';

const PROGRAM = join(import.meta.dirname, 'bare-store-process.ts');
const SETTINGS = 'no network; a row is 500 bytes and the payload; one commit for as many rows as there are connections';

export const bareStores: readonly Contender[] = [
  {
    name: 'bare-sqlite',
    title: 'bare node:sqlite',
    durability: 'WAL mode, synchronous=FULL',
    settings: `${SETTINGS}; one table, no index`,
    prepare: async () => ({ version: `SQLite ${process.versions['sqlite'] ?? ''}` }),
    start: () => start('sqlite'),
  },
  {
    name: 'bare-append',
    title: 'bare append to a file',
    durability: 'one write and one fdatasync a commit',
    settings: SETTINGS,
    prepare: async () => ({ version: `Node ${process.version}` }),
    start: () => start('append'),
  },
];

async function start(kind: 'sqlite' | 'append'): Promise<Running> {
  const folder = await temporaryFolder();
  const program = await startProgram(PROGRAM, [kind, folder.path]);
  return {
    add: (load) => program.call<Added>('add', load),
    usage: () => usageOf([program.pid]),
    // It submits to itself, so all that it costs is in both.
    submitterPids: [program.pid],
    async stop() {
      await program.stop();
      await folder.remove();
    },
  };
}
