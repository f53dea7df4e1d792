/** The writing operations by name, as the main thread calls them. Each runs inside a transaction that is not its own. */
import { DeliveryWrites } from './delivery-writes.ts';
import type { BytesRef, PacketBytes } from './packet.ts';
import { RecordWrites } from './record-writes.ts';
import { deleteNoncesBefore, insertNonces } from './sql/nonces.ts';
import { countChunks, deleteChunks, deletePackage, putChunk, putPackage, renewPackage } from './sql/packages.ts';
import { TaskWrites } from './task-writes.ts';
import type { WriteOperations } from './thread-protocol.ts';
import type { WriteContext } from './write-context.ts';

/** The bytes that came with a call, and those that go with its answer. */
export interface CallBytes {
  readonly read: (ref: BytesRef) => Uint8Array;
  readonly answer: PacketBytes;
}

export type Handlers<O extends Record<keyof O, [unknown, unknown]>> = {
  readonly [K in keyof O]: (input: O[K][0], bytes: CallBytes) => O[K][1];
};

export function createWriteOperations(context: WriteContext): Handlers<WriteOperations> {
  const tasks = new TaskWrites(context);
  const deliveries = new DeliveryWrites(context, tasks);
  const records = new RecordWrites(context.database);
  return {
    accept: (input, { read }) => input.map((one) => tasks.accept(one, read)),
    claim: (input, { answer }) => tasks.claim(input, answer),
    apply: (input, { read }) => input.map((one) => tasks.apply(one, read)),
    deleteEnded: (input) => tasks.deleteEnded(input),
    claimDeliveries: (input, { answer }) => deliveries.claim(input, answer),
    settleDeliveries: (input, { read }) => input.map((one) => deliveries.settle(one, read)),
    countTasks: () => countTasks(context),
    writeRecords: (input) => records.write(input),
    ...packageOperations(context),
    ...nonceOperations(context),
  };
}

function countTasks({ counts, names }: WriteContext): WriteOperations['countTasks'][1] {
  return [...counts.entries()].map(([functionId, status, count]) => [
    ...names.functionNames(functionId),
    status,
    count,
  ]);
}

type PackageOperation = 'renewPackage' | 'putPackageChunk' | 'completePackage' | 'deletePackages';

function packageOperations({ database }: WriteContext): Pick<Handlers<WriteOperations>, PackageOperation> {
  const sql = {
    renewPackage: renewPackage(database),
    putChunk: putChunk(database),
    countChunks: countChunks(database),
    putPackage: putPackage(database),
    deletePackage: deletePackage(database),
    deleteChunks: deleteChunks(database),
  };
  return {
    renewPackage: ({ sha256, nowMs }) => sql.renewPackage(nowMs, sha256),
    putPackageChunk: ({ sha256, position, bytes }, { read }) => {
      sql.putChunk(sha256, position, read(bytes));
      return null;
    },
    completePackage: ({ sha256, nowMs, sizeBytes, chunkCount }) => {
      if (sql.countChunks(sha256) !== chunkCount) return false;
      sql.putPackage(sha256, nowMs, sizeBytes);
      return true;
    },
    deletePackages: (sha256s) => {
      for (const sha256 of sha256s) {
        sql.deletePackage(sha256);
        sql.deleteChunks(sha256);
      }
      return null;
    },
  };
}

function nonceOperations({ database }: WriteContext): Pick<Handlers<WriteOperations>, 'saveNonces'> {
  const sql = { insertNonces: insertNonces(database), deleteNoncesBefore: deleteNoncesBefore(database) };
  return {
    saveNonces: ({ batches, oldestGeneration }, { read }) => {
      for (const [generation, digests] of batches) sql.insertNonces(generation, read(digests));
      sql.deleteNoncesBefore(oldestGeneration);
      return null;
    },
  };
}
