/** What became of the tasks, and how fast. */
import type { AsyncTask } from '@alicloud/fc20230330';
import { DELIVERED_COUNT, DEMO_FUNCTIONS, type PlannedTask } from './demo-plan.ts';

/** The tasks of each function, by its name. */
export type TasksByFunction = ReadonlyMap<string, readonly AsyncTask[]>;

/** One sentence for each thing that is not as it must be. */
export function unexpected(planned: readonly PlannedTask[], found: TasksByFunction): string[] {
  const problems: string[] = [];
  for (const { functionName, ends, taskCount } of DEMO_FUNCTIONS) {
    const tasks = found.get(functionName) ?? [];
    const ids = new Set(tasks.map(({ taskId }) => taskId));
    for (const task of planned) {
      if (task.functionName === functionName && !ids.has(task.taskId)) {
        problems.push(`task ${task.taskId} of ${functionName} was accepted and is lost`);
      }
    }
    const count = taskCount === 0 ? DELIVERED_COUNT : taskCount;
    if (tasks.length > count) problems.push(`${functionName} has ${tasks.length} tasks, not ${count}`);
    for (const { taskId, status = '', taskErrorMessage } of tasks) {
      if (!ends.includes(status)) {
        problems.push(`task ${taskId} of ${functionName} is ${status} ${taskErrorMessage}, not ${ends.join(' or ')}`);
      }
    }
  }
  for (const { destinationStatus } of found.get('announced') ?? []) {
    if (destinationStatus !== 'Succeeded') problems.push(`the delivery to receipts is "${destinationStatus}"`);
  }
  if (found.get('receipts')?.length !== DELIVERED_COUNT) problems.push('receipts did not get its delivery');
  return problems;
}

const STATES = ['Succeeded', 'Failed', 'Stopped', 'Expired', 'other'] as const;
const NAME_WIDTH = 11;
const NUMBER_WIDTH = 10;

/** Lines of a table: a row for each function, a column for each state. */
export function outcomeTable(found: TasksByFunction): string[] {
  const heading = `${'function'.padEnd(NAME_WIDTH)}${STATES.map((state) => state.padStart(NUMBER_WIDTH)).join('')}`;
  const rows = DEMO_FUNCTIONS.map(({ functionName, about }) => {
    const counts = STATES.map((state) => (found.get(functionName) ?? []).filter((task) => isIn(task, state)).length);
    return `${functionName.padEnd(NAME_WIDTH)}${counts.map((count) => String(count || '').padStart(NUMBER_WIDTH)).join('')}  ${about}`;
  });
  return [heading, ...rows];
}

function isIn({ status }: AsyncTask, state: (typeof STATES)[number]): boolean {
  return state === 'other' ? !STATES.some((known) => known === status) : status === state;
}

/** Sentences with their numbers. Client, server and functions share one machine, so they are no benchmark (bench/). */
export function speeds(
  found: TasksByFunction,
  { submitMs, submitted }: { submitMs: number; submitted: number },
): string[] {
  const tasks = [...found.values()].flat();
  const beganAtMs = Math.min(...tasks.map(({ startedTime = 0 }) => startedTime));
  // Retries wait on purpose, and so do the tasks that are stopped or expire: they say nothing about speed.
  const straight = tasks.filter((task) => task.status === 'Succeeded' && task.alreadyRetriedTimes === 0);
  const endedAtMs = Math.max(...straight.map(({ endTime = 0 }) => endTime));
  const ages = straight.map(({ startedTime = 0, endTime = 0 }) => endTime - startedTime).toSorted((a, b) => a - b);
  return [
    `${perSecond(submitted, submitMs)} tasks a second accepted, each on disk before its 202; one client of the official SDK, on the same machine, sets the pace`,
    `${perSecond(straight.length, endedAtMs - beganAtMs)} tasks a second from the first accept to the last end, of the ${straight.length} that needed no retry`,
    `${percentile(ages, 0.5)} ms p50, ${percentile(ages, 0.99)} ms p99 from accept to end of those, starts of instances included`,
  ];
}

function perSecond(count: number, ms: number): string {
  return Math.round((count * 1000) / Math.max(1, ms)).toLocaleString('en-US');
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
