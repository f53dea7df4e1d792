/** A PostgreSQL server that runs for as long as a test needs it. */
import { PostgresCluster } from './postgres-cluster.ts';

export interface PostgresServer {
  /** Of a superuser without a password, in an empty database. */
  readonly url: string;
  readonly folder: string;
  /** Of the postmaster. */
  readonly pid: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** False: it need not survive its machine, which makes it several times as fast. Defaults to true. */
  readonly durable?: boolean;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
}

const NOT_DURABLE = ['fsync=off', 'full_page_writes=off'];

export async function startPostgres({
  durable = true,
  settings = [],
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const cluster = await PostgresCluster.create();
  await cluster.start(['max_connections=200', ...settings, ...(durable ? [] : NOT_DURABLE)]);
  const { url, folder, pid } = cluster;
  return { url, folder, pid, stop: () => cluster.remove() };
}
