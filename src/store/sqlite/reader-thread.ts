/** The thread that reads on a connection of its own, so that a long list delays no commit, and no commit a get. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openReadingConnection } from './connection.ts';
import { bytesAt, type Packet, PacketBytes } from './packet.ts';
import { createReadOperations } from './read-operations.ts';
import { isFatal, messageOf } from './sqlite-error.ts';
import type { FromThread, PackedAnswer, PackedCall, ToThread } from './thread-protocol.ts';
import type { CallBytes } from './write-operations.ts';

export interface ReaderSettings {
  readonly file: string;
}

function serve(port: MessagePort, { file }: ReaderSettings): void {
  const database = openReadingConnection(file);
  const operations = createReadOperations(database) as Record<string, (input: unknown, bytes: CallBytes) => unknown>;

  function perform([callId, operation, input]: PackedCall, packet: Packet, answer: PacketBytes): PackedAnswer {
    try {
      // One snapshot for all statements of a call.
      database.exec('BEGIN');
      return [callId, operations[operation]?.(input, { read: (ref) => bytesAt(packet, ref), answer })];
    } catch (error) {
      if (isFatal(error)) throw error;
      return [callId, null, { kind: 'bug', message: messageOf(error) }];
    } finally {
      if (database.isTransaction) database.exec('COMMIT');
    }
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') {
      database.close();
      port.close();
      return;
    }
    for (const call of JSON.parse(message.packet.text) as PackedCall[]) {
      // Answered one by one: a page of large results is not kept waiting for the calls behind it.
      const bytes = new PacketBytes();
      const answer = perform(call, message.packet, bytes);
      const packet = bytes.pack([answer]);
      port.postMessage({ kind: 'answers', packet, commit: null } satisfies FromThread, [packet.bytes.buffer]);
    }
  });
}

if (parentPort !== null) {
  const port = parentPort;
  process.on('uncaughtException', (error) => {
    port.postMessage({ kind: 'fatal', reason: messageOf(error) } satisfies FromThread);
    process.exit(1);
  });
  serve(port, workerData as ReaderSettings);
}
