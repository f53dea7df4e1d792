/** Holds the two ledgers and the server's records against the promises. Gives one sentence for each that is broken. */
import type { EventView, LedgerLine, Submission, TaskView } from './ledgers.ts';

const FINAL = new Set(['Succeeded', 'Failed', 'Stopped', 'Expired', 'Invalid']);

/** What may follow what in a history. */
const FOLLOWERS: Readonly<Record<string, readonly string[]>> = {
  Enqueued: ['Dequeued', 'Stopping', 'Expired', 'Invalid'],
  Dequeued: ['Running', 'Retrying', 'Stopping', 'Expired', 'Invalid'],
  Running: ['Succeeded', 'Retrying', 'Failed', 'Stopping'],
  Retrying: ['Dequeued', 'Stopping', 'Expired', 'Invalid'],
  Stopping: ['Stopped'],
};

/** A handler may write its line a moment after the stop that ends it was acknowledged. */
const STOP_GRACE_DEFAULT_MS = 1_000;

export interface Evidence {
  readonly submissions: readonly Submission[];
  readonly lines: readonly LedgerLine[];
  readonly tasks: ReadonlyMap<string, TaskView>;
  readonly retryCountMax: number;
  /** The server's clock was set back at times. */
  readonly clockJumps?: boolean;
  /** How long after the acknowledgement of a stop a node may not know of it, at most. Defaults to 1,000. */
  readonly stopGraceMs?: number;
  /** Nothing that was done allows two runs of a task at once. */
  readonly neverTwoAtOnce?: boolean;
}

export function brokenPromises(evidence: Evidence): string[] {
  const linesOf = Map.groupBy(evidence.lines, ({ taskId }) => taskId);
  return evidence.submissions.flatMap((submission) => {
    const task = evidence.tasks.get(submission.taskId);
    const lines = linesOf.get(submission.taskId) ?? [];
    if (task !== undefined && submission.answer === 'refused') return [`${submission.taskId}: refused, and is there`];
    if (task !== undefined) return checkTask(submission, task, lines, evidence);
    if (submission.answer === 'acknowledged') return [`${submission.taskId}: acknowledged and lost`];
    return lines.length === 0 ? [] : [`${submission.taskId}: ran, and is not there`];
  });
}

function checkTask(
  submission: Submission,
  task: TaskView,
  lines: readonly LedgerLine[],
  { retryCountMax, clockJumps = false, stopGraceMs = STOP_GRACE_DEFAULT_MS, neverTwoAtOnce = false }: Evidence,
): string[] {
  const starts = lines.filter(({ kind }) => kind === 'start');
  const broken: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) broken.push(`${submission.taskId}: ${what}: ${JSON.stringify(task.events)}`);
  };
  const finals = task.events.filter(({ status }) => FINAL.has(status));
  const claims = task.events.filter(({ status }) => status === 'Dequeued').length;
  expect(task.taskPayload === submission.payload, 'the payload is not the one that was sent');
  expect(FINAL.has(task.status), `it has not ended, but is ${task.status}`);
  expect(finals.length === 1, `it has ${finals.length} ends`);
  expect(finals[0]?.status === task.status, 'its end is not its state');
  expect(isAllowed(task.events, clockJumps), 'its history takes a step that there is not');
  expect(task.alreadyRetriedTimes <= retryCountMax, `it was retried ${task.alreadyRetriedTimes} times`);
  expect(starts.length <= claims, `it ran ${starts.length} times for ${claims} claims`);
  expect(!neverTwoAtOnce || !ranTwiceAtOnce(lines), 'it ran twice at once');
  expect(task.status !== 'Succeeded' || starts.length > 0, 'it succeeded without having run');
  expect(
    lines.some(({ kind }) => kind === 'delivery'),
    'its destination was never told of its end',
  );
  for (const seen of submission.seen) expect(isPrefix(seen, task.events), `it was once ${JSON.stringify(seen)}`);
  if (submission.stoppedAtMs !== undefined) {
    const lateMs = submission.stoppedAtMs + stopGraceMs;
    expect(task.status === 'Stopped', 'its stop was acknowledged');
    expect(!starts.some(({ atMs }) => atMs > lateMs), 'it was started after its stop was acknowledged');
  }
  return broken;
}

/** Whether a run showed a sign of life after another had begun. All runs append to one file, whose order is that of time. */
export function ranTwiceAtOnce(lines: readonly LedgerLine[]): boolean {
  let current: number | undefined;
  for (const { kind, pid } of lines) {
    if (kind === 'start') current = pid;
    else if (kind !== 'delivery' && pid !== current) return true;
  }
  return false;
}

function isAllowed(events: readonly EventView[], clockJumps: boolean): boolean {
  if (events[0]?.status !== 'Enqueued') return false;
  return events.every(({ status, timestamp }, index) => {
    const next = events[index + 1];
    if (next === undefined) return true;
    return FOLLOWERS[status]?.includes(next.status) === true && (clockJumps || next.timestamp >= timestamp);
  });
}

function isPrefix(seen: readonly EventView[], events: readonly EventView[]): boolean {
  return seen.every(({ status, timestamp }, index) => {
    return events[index]?.status === status && events[index].timestamp === timestamp;
  });
}
