import type { Packages } from '../store.ts';
import { retryWhenLost } from './retry-when-lost.ts';
import type { SessionPool } from './session-pool.ts';
import type { Session } from './session.ts';
import type { GivenTime } from './sql/now.ts';
import { deletePackages, listPackages, putChunk, putPackage, readChunk, readSize } from './sql/packages.ts';

/** A call of its own each, so that a package of 100 MiB needs neither a statement nor an answer of that size. */
const CHUNK_BYTES = 1024 * 1024;

export function packageCalls(writers: SessionPool, readers: SessionPool, now: () => GivenTime): Packages {
  return {
    putPackage: (sha256, zip) =>
      writers.use((session) =>
        retryWhenLost(() => session.transaction(() => upload(session, { sha256, zip, now: now() }))),
      ),
    getPackage: (sha256) => readers.use((session) => download(session, sha256)),
    listPackages: async () => (await readers.use(listPackages)).map(([sha256, storedAtMs]) => ({ sha256, storedAtMs })),
    deletePackages: (sha256s) => writers.use((session) => retryWhenLost(() => deletePackages(session, sha256s))),
  };
}

interface Upload {
  readonly sha256: string;
  readonly zip: Uint8Array;
  readonly now: GivenTime;
}

/** Of two nodes that store the same package at once, one waits for the other and then finds it stored. */
async function upload(session: Session, { sha256, zip, now }: Upload): Promise<void> {
  if (!(await putPackage(session, { sha256, sizeBytes: zip.byteLength, now }))) return;
  for (let at = 0; at < zip.byteLength; at += CHUNK_BYTES) {
    await putChunk(session, sha256, at / CHUNK_BYTES, zip.subarray(at, at + CHUNK_BYTES));
  }
}

/** Undefined when there is none, or it is deleted while it is read. */
async function download(session: Session, sha256: string): Promise<Uint8Array | undefined> {
  const sizeBytes = await readSize(session, sha256);
  if (sizeBytes === undefined) return undefined;
  const zip = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += CHUNK_BYTES) {
    const chunk = await readChunk(session, sha256, at / CHUNK_BYTES);
    if (chunk === undefined) return undefined;
    zip.set(chunk, at);
  }
  return zip;
}
