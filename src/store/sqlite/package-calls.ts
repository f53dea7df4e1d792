import { StoreUnavailable, type Packages } from '../store.ts';
import type { StoreLinks } from './task-calls.ts';

/** Each chunk is a call of its own: other commits go between, and the log stays small while 100 MiB are stored. */
const CHUNK_BYTES = 1024 * 1024;
/** A delete between the first chunk and the last makes an upload begin again. */
const TRIES = 3;

export function packageCalls(links: StoreLinks, now: () => number): Packages {
  const { writer, reader } = links;
  return {
    putPackage: async (sha256, zip) => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const isStored = await writer.call('renewPackage', () => ({ sha256, nowMs: now() }), asItIs);
        if (isStored || (await upload(links, { sha256, zip, nowMs: now() }))) return;
      }
      throw new StoreUnavailable(`package ${sha256} was deleted while it was stored`);
    },
    getPackage: (sha256) =>
      reader.call(
        'getPackage',
        () => sha256,
        (found, read) => (found === null ? undefined : read(found)),
      ),
    listPackages: () =>
      reader.call(
        'listPackages',
        () => null,
        (rows) => rows.map(([sha256, storedAtMs]) => ({ sha256, storedAtMs })),
      ),
    deletePackages: async (sha256s) => {
      await writer.call('deletePackages', () => sha256s, asItIs);
    },
  };
}

interface Upload {
  readonly sha256: string;
  readonly zip: Uint8Array;
  readonly nowMs: number;
}

/** False when chunks were deleted meanwhile. */
async function upload({ writer }: StoreLinks, { sha256, zip, nowMs }: Upload): Promise<boolean> {
  const sizeBytes = zip.byteLength;
  const chunkCount = Math.ceil(sizeBytes / CHUNK_BYTES);
  for (let position = 0; position < chunkCount; position += 1) {
    const chunk = zip.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES);
    await writer.call('putPackageChunk', (bytes) => ({ sha256, position, bytes: bytes.add(chunk) }), asItIs);
  }
  return await writer.call('completePackage', () => ({ sha256, nowMs, sizeBytes, chunkCount }), asItIs);
}

const asItIs = <T>(answer: T): T => answer;
