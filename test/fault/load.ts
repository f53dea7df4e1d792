/** Clients that submit, stop, read and list for as long as the server answers, and write down what they were told. */
import { randomInt } from 'node:crypto';
import { RawClient } from '../support/raw-client.ts';
import type { RawResponse } from '../support/raw-http.ts';
import type { EventView, Submission } from './ledgers.ts';

const CLIENTS = 16;

export interface Load {
  readonly functionName: string;
  readonly submissions: Submission[];
}

/** Resolves when every client has lost the server, or `until` says so. */
export async function runLoad(host: string, load: Load, until: () => boolean): Promise<void> {
  const client = new RawClient({ host });
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (!until()) {
        try {
          await step(client, load);
        } catch {
          return; // the server is gone; what the last request came to is not known
        }
      }
    }),
  );
}

/** Sends again what may or may not have been stored, under the same id and with the same bytes. */
export async function resubmitUnknown(host: string, { functionName, submissions }: Load): Promise<void> {
  const client = new RawClient({ host });
  for (const submission of submissions.filter(({ acknowledged }) => !acknowledged)) {
    await submit(client, functionName, submission);
  }
}

async function step(client: RawClient, { functionName, submissions }: Load): Promise<void> {
  const dice = randomInt(100);
  const known = submissions.filter(({ acknowledged }) => acknowledged);
  const any = known[randomInt(Math.max(1, known.length))];
  const path = `/2023-03-30/functions/${functionName}`;
  if (dice < 70 || any === undefined) await submit(client, functionName, newSubmission(submissions));
  else if (dice < 80) await stop(client, `${path}/async-tasks/${any.taskId}`, any);
  else if (dice < 90) await read(client, `${path}/async-tasks/${any.taskId}`, any);
  else expectStatus(await client.send({ target: `${path}/async-tasks?limit=20` }), 200);
}

function newSubmission(submissions: Submission[]): Submission {
  const taskId = `t${submissions.length}-${randomInt(1_000_000)}`;
  const runMs = randomInt(10) === 0 ? randomInt(400) : randomInt(20);
  const payload = JSON.stringify({ taskId, runMs, failures: randomInt(5) === 0 ? 1 + randomInt(3) : 0 });
  const submission: Submission = { taskId, payload, acknowledged: false, seen: [] };
  submissions.push(submission);
  return submission;
}

async function submit(client: RawClient, functionName: string, submission: Submission): Promise<void> {
  const response = await client.send({
    method: 'POST',
    target: `/2023-03-30/functions/${functionName}/invocations`,
    headers: [
      ['x-fc-invocation-type', 'Async'],
      ['x-fc-async-task-id', submission.taskId],
    ],
    body: submission.payload,
  });
  expectStatus(response, 202, 409);
  submission.acknowledged = true;
}

async function stop(client: RawClient, target: string, submission: Submission): Promise<void> {
  const response = await client.send({ method: 'PUT', target: `${target}/stop` });
  expectStatus(response, 204, 412);
  if (response.status === 204) submission.stoppedAtMs ??= Date.now();
}

async function read(client: RawClient, target: string, submission: Submission): Promise<void> {
  const response = await client.send({ target });
  expectStatus(response, 200);
  const { events } = JSON.parse(response.body.toString('utf8')) as { events: EventView[] };
  submission.seen.push(events.map(({ status, timestamp }) => ({ status, timestamp })));
}

/** An answer that is none of those is a fault of the server, not of the kill: it is written down for the check. */
export const unexpectedAnswers: string[] = [];

function expectStatus(response: RawResponse, ...allowed: readonly number[]): void {
  if (!allowed.includes(response.status))
    unexpectedAnswers.push(`${response.status} ${response.body.toString('utf8')}`);
}
