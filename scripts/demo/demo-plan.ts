/** What the demo deploys and submits, and what must become of it. */

export interface DemoFunction {
  readonly functionName: string;
  /** Folder in examples/. */
  readonly example: 'hello' | 'flaky' | 'slow';
  readonly taskCount: number;
  /** The payload of its task of this number, from 0. */
  readonly payload: (number: number) => string;
  readonly retries: number;
  readonly maxAgeSeconds?: number;
  /** Executions at once; 0 blocks it. */
  readonly concurrency?: number;
  /** Name of the function that is told of each success. */
  readonly onSuccess?: string;
  readonly preStop?: boolean;
  /** States that its tasks may end in. */
  readonly ends: readonly string[];
  /** For the table. */
  readonly about: string;
}

/** Which is stopped while it runs. */
export const STOPPED_FUNCTION = 'slow';

const number = (index: number) => JSON.stringify({ number: index });

export const DEMO_FUNCTIONS: readonly DemoFunction[] = [
  {
    functionName: 'hello',
    example: 'hello',
    taskCount: 797,
    payload: number,
    retries: 3,
    ends: ['Succeeded'],
    about: 'gives back what it got',
  },
  {
    functionName: 'flaky',
    example: 'flaky',
    taskCount: 200,
    payload: number,
    retries: 2,
    ends: ['Succeeded', 'Failed'],
    about: 'fails up to 3 times, may be retried twice',
  },
  {
    functionName: STOPPED_FUNCTION,
    example: 'slow',
    taskCount: 1,
    payload: () => JSON.stringify({ seconds: 60 }),
    retries: 0,
    preStop: true,
    ends: ['Stopped'],
    about: 'runs for a minute, stopped while it runs',
  },
  {
    functionName: 'blocked',
    example: 'hello',
    taskCount: 1,
    payload: number,
    retries: 0,
    maxAgeSeconds: 1,
    concurrency: 0,
    ends: ['Expired'],
    about: 'has no concurrency, and its task a second to live',
  },
  {
    functionName: 'announced',
    example: 'hello',
    taskCount: 1,
    payload: number,
    retries: 0,
    onSuccess: 'receipts',
    ends: ['Succeeded'],
    about: 'tells `receipts` when it succeeds',
  },
  {
    functionName: 'receipts',
    example: 'hello',
    // None of our own: its one task is the delivery of `announced`.
    taskCount: 0,
    payload: number,
    retries: 0,
    ends: ['Succeeded'],
    about: 'the destination of `announced`',
  },
];

export const DELIVERED_COUNT = 1;

export interface PlannedTask {
  readonly functionName: string;
  readonly taskId: string;
  readonly payload: string;
}

/** The slow one first, so that it runs by the time it is stopped; the others as they come. */
export function plannedTasks(): readonly PlannedTask[] {
  const tasks = DEMO_FUNCTIONS.flatMap(({ functionName, taskCount, payload }) =>
    Array.from({ length: taskCount }, (_, index) => ({
      functionName,
      taskId: `demo-${index + 1}`,
      payload: payload(index),
    })),
  );
  return tasks.toSorted(
    (a, b) => Number(b.functionName === STOPPED_FUNCTION) - Number(a.functionName === STOPPED_FUNCTION),
  );
}
