import { storesAgree } from './conformance/agreement.ts';
import { createMemoryStore } from './memory/memory-store.ts';
import { openTemporaryStore } from './sqlite/temporary-store.fixture.ts';

storesAgree('SQLite', openTemporaryStore, async (options) => {
  const store = createMemoryStore(options);
  return { store, reopen: null, dispose: () => store.close() };
});
