/** What a PostgreSQL server has written, by its own count. */
import { Client } from 'pg';
import type { BackendCounts } from './backend.ts';

/**
 * Transactions by the numbers that they were given, which those that only read never are. `pg_stat_database` counts these,
 * too, and is told by each connection up to ten seconds late.
 */
const READ_COUNTS = `
  SELECT pg_current_wal_insert_lsn() - '0/0' AS log_bytes, pg_snapshot_xmax(pg_current_snapshot()) AS transactions`;

export async function postgresCounts(url: string): Promise<BackendCounts> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ log_bytes: string; transactions: string }>(READ_COUNTS);
    return { logBytes: Number(rows[0]?.log_bytes), writingTransactions: Number(rows[0]?.transactions) };
  } finally {
    await client.end();
  }
}
