/** A server under a contender: started by the benchmark on a folder of its own, which goes with it. */
import type { StartedServer } from '../process/start-server.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';

export interface Backend {
  readonly url: string;
  readonly pid: number;
  /** What it has counted since its start, where it counts. */
  readonly counts?: () => Promise<BackendCounts>;
  stop(): Promise<void>;
}

export interface BackendCounts {
  /** Bytes of its write-ahead log. */
  readonly logBytes: number;
  /** Transactions that wrote. */
  readonly writingTransactions: number;
}

export interface Launched {
  readonly server: StartedServer;
  readonly url: string;
  readonly counts?: () => Promise<BackendCounts>;
}

/** `launch` starts it on the folder that it is given, and says where it serves. */
export async function startBackend(launch: (folder: string) => Promise<Launched>): Promise<Backend> {
  const folder = await temporaryFolder();
  try {
    const { server, ...launched } = await launch(folder.path);
    return {
      ...launched,
      pid: server.pid,
      async stop() {
        await server.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
