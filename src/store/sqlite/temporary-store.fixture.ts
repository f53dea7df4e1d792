/** SQLite stores for tests, each in a folder of its own that goes with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../telemetry/logger.ts';
import type { StoreOptions, Subject } from '../conformance/workbench.ts';
import { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';

// The store's threads strip their types by a WebAssembly module that all threads of a process share. Under vitest this
// thread has no use for it, so that it came and went with every store, and V8 (Node 24.21) now and then crashed in
// freeing its code (WasmEngine::FreeDeadCode, once in some hundred stores). One use here keeps it, as in a server.
stripTypeScriptTypes('');

/** A small reserve: tests open many stores. */
export const SMALL = { logger: silentLogger, reserveBytes: 4096, lowWaterBytes: 0 } as const;

export async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'meanwhile-store-'));
}

export async function openTemporaryStore(options: StoreOptions): Promise<Subject> {
  const folder = await makeFolder();
  const settings: SqliteStoreOptions = { ...SMALL, ...options, monotonic: options.now, folder };
  let store = await openSqliteStore(settings);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openSqliteStore(settings);
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
