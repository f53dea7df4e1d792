import pg from 'pg';
import { PgBoss } from 'pg-boss';

const QUEUE = 'bench';
/** Its largest batch that still starts tasks early; continuous fetching while batches come back full. */
const WORK = { batchSize: 500, burstWhenBatchFull: true };

async function startBoss(url) {
  const boss = new PgBoss({ connectionString: url, max: 20, useListenNotify: true });
  boss.on('error', (error) => {
    console.error(error);
  });
  await boss.start();
  return boss;
}

export async function openProducer(url) {
  const boss = await startBoss(url);
  await boss.createQueue(QUEUE, { notify: true });
  const client = new pg.Client(url);
  await client.connect();
  return {
    add: (payload) => boss.send(QUEUE, payload),
    addMany: (payloads) =>
      boss.insert(
        QUEUE,
        payloads.map((data) => ({ data })),
      ),
    async unfinished() {
      const { rows } = await client.query(
        "select count(*)::int from pgboss.job where name = $1 and state < 'completed'",
        [QUEUE],
      );
      return rows[0].count;
    },
  };
}

export async function openWorker(url, handle) {
  const boss = await startBoss(url);
  await boss.work(QUEUE, WORK, async (jobs) => {
    for (const { data } of jobs) handle(data);
  });
  return () => boss.stop();
}
