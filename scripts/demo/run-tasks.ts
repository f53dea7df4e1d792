/** Submits the planned tasks, stops the one that is to be stopped, and waits until all have ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoClient } from './demo-client.ts';
import { type PlannedTask, STOPPED_FUNCTION } from './demo-plan.ts';
import type { Progress } from './progress.ts';

const CALLS_AT_ONCE = 32;
const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 60_000;

/** Gives how long it took, in milliseconds. */
export async function submitAll(
  client: DemoClient,
  tasks: readonly PlannedTask[],
  progress: Progress,
): Promise<number> {
  const beganAtMs = performance.now();
  const waiting = tasks.values();
  let done = 0;
  const submitNext = async () => {
    // All of them draw from one iterator, so each task is submitted by one.
    for (const { functionName, taskId, payload } of waiting) {
      await client.submit(functionName, taskId, payload);
      done += 1;
      progress.show(done);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, submitNext));
  return performance.now() - beganAtMs;
}

/** Stops the slow task once it runs; to be called while the tasks are submitted. */
export async function stopOne(client: DemoClient): Promise<void> {
  const taskId = await lookUntil('the slow task runs', async () => {
    const tasks = await client.listTasks(STOPPED_FUNCTION);
    return tasks.find(({ status }) => status === 'Running')?.taskId;
  });
  await client.stopTask(STOPPED_FUNCTION, taskId);
}

/** By the server's own count of ended tasks; the records are checked afterwards, one by one. */
export async function waitForEnds(url: URL, count: number, progress: Progress): Promise<void> {
  await lookUntil(`${count} tasks have ended`, async () => {
    const ended = endedCount(await (await fetch(new URL('/metrics', url))).text());
    progress.show(ended);
    return ended >= count ? ended : undefined;
  });
}

function endedCount(metrics: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith('meanwhile_function_dequeue_count_total{'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What `look` gives as soon as that is something. */
async function lookUntil<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
