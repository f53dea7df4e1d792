import { makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const IDENTIFIER = 'noop';

export async function openProducer(url) {
  const producer = await makeWorkerUtils({ connectionString: url, maxPoolSize: 20 });
  await producer.migrate();
  const client = new pg.Client(url);
  await client.connect();
  return {
    add: (payload) => producer.addJob(IDENTIFIER, payload),
    addMany: (payloads) => producer.addJobs(payloads.map((payload) => ({ identifier: IDENTIFIER, payload }))),
    // What is done is deleted.
    async unfinished() {
      const { rows } = await client.query('select count(*)::int from graphile_worker._private_jobs');
      return rows[0].count;
    },
  };
}

export async function openWorker(url, handle) {
  const runner = await run({
    preset: {
      worker: {
        connectionString: url,
        maxPoolSize: 20,
        concurrentJobs: 24,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    noHandleSignals: true,
    taskList: { [IDENTIFIER]: async (payload) => handle(payload) },
  });
  return () => runner.stop();
}
