/** The queue libraries that a Node.js user would take, each in the settings that its documents recommend for rates. */
import { POSTGRES_SETTINGS, preparePostgres, startPostgres } from '../backends/postgres.ts';
import { prepareRedis, REDIS_SETTINGS, startRedis } from '../backends/redis.ts';
import type { Contender } from '../contender.ts';
import { libraryContender } from './library.ts';

const onPostgres = {
  durability: 'fsync=on, synchronous_commit=on: each add is a commit, synced',
  backend: { prepare: preparePostgres, start: startPostgres },
  canShare: true,
} as const;

export const libraries: readonly Contender[] = [
  libraryContender({
    name: 'bullmq-redis',
    title: 'BullMQ, Redis',
    durability: 'appendfsync always: synced before Redis answers',
    settings: `${REDIS_SETTINGS}; one worker, concurrency 100; ended jobs are kept`,
    package: 'bullmq',
    program: 'bullmq-redis',
    backend: { prepare: prepareRedis, start: startRedis },
  }),
  libraryContender({
    ...onPostgres,
    name: 'bullmq-postgres',
    title: 'BullMQ, PostgreSQL',
    settings: `${POSTGRES_SETTINGS}; pool of 20; one worker, concurrency 100; ended jobs are kept`,
    package: 'bullmq',
    program: 'bullmq-postgres',
  }),
  libraryContender({
    ...onPostgres,
    name: 'graphile-worker',
    title: 'graphile-worker',
    settings: `${POSTGRES_SETTINGS}; pool of 20; 24 concurrent jobs, localQueue.size 500, completeJobBatchDelay 0; ended jobs are deleted, as always there`,
    package: 'graphile-worker',
    program: 'graphile-worker',
  }),
  libraryContender({
    ...onPostgres,
    name: 'pg-boss',
    title: 'pg-boss',
    settings: `${POSTGRES_SETTINGS}; pool of 20; LISTEN/NOTIFY on, batchSize 500, burstWhenBatchFull; ended jobs are kept`,
    package: 'pg-boss',
    program: 'pg-boss',
  }),
];
