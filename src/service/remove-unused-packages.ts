/** Retention of code packages: what neither a function nor a version uses any more goes. */
import type { FunctionRecord, FunctionVersion } from '../core/resources.ts';
import type { RecordKind, RecordPath, Store } from '../store/store.ts';

/** A package is stored before the function that names it: a young one may be about to be named. */
const YOUNG_MS = 60 * 60 * 1000;
const PAGE = 500;

/** Gives the hashes that were removed. */
export async function removeUnusedPackages(store: Store, nowMs: number): Promise<readonly string[]> {
  const packages = await store.listPackages();
  const old = packages.filter(({ storedAtMs }) => nowMs - storedAtMs > YOUNG_MS);
  if (old.length === 0) return [];
  const used = new Set<string>();
  for await (const document of documents(store, 'function')) used.add((document as FunctionRecord).code.sha256);
  for await (const document of documents(store, 'function-version')) {
    used.add((document as FunctionVersion).settings.code.sha256);
  }
  const unused = old.map(({ sha256 }) => sha256).filter((sha256) => !used.has(sha256));
  await store.deletePackages(unused);
  return unused;
}

async function* documents(store: Store, kind: RecordKind): AsyncGenerator {
  let from: RecordPath | undefined;
  for (;;) {
    const page = await store.listRecords({ kind, under: [], limit: PAGE + 1, ...(from && { from }) });
    for (const { document } of page.slice(0, PAGE)) yield document;
    from = page[PAGE]?.path;
    if (from === undefined) return;
  }
}
