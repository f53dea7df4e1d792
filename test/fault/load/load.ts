/** Clients that submit, stop, read and list for as long as the server answers, and write down what they were told. */
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from '../../support/raw-client.ts';
import type { RawResponse } from '../../support/raw-http.ts';
import { until } from '../../support/until.ts';
import type { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { EventView, Submission } from '../evidence/ledgers.ts';
import { deployMarked, type MarkedFunction } from './marked-function.ts';

const CLIENTS = 16;
/** Of a client whose task found no room: the machine has better things to do than to refuse tasks. */
const REFUSED_PAUSE_MS = 20;
/** Of a client whose server refused or was lost, before it goes on with another. */
const MOVE_PAUSE_MS = 50;
const TASKS = '/2023-03-30/functions/ledger/async-tasks';

/** 503 with a reason; 408 to who had sent half of a request when the server was paused. */
const REFUSALS: ReadonlySet<number> = new Set([408, 503]);

export interface LoadOptions {
  readonly random: SeededRandom;
  /** Beside what the fault-free product answers, where the fault makes it refuse. */
  readonly mayRefuse?: boolean;
}

/** What the function is asked to do. */
interface Behaviour {
  readonly runMs: number;
  /** Attempts that fail before one succeeds. */
  readonly failures: number;
}

export class Load {
  readonly submissions: Submission[] = [];
  readonly functions: MarkedFunction[] = [];
  /** An answer that is none of the expected is a fault of the server, not of what was done to it. */
  readonly unexpectedAnswers: string[] = [];
  /** What servers that may refuse refused with, by how often. */
  readonly refusals = new Map<string, number>();
  readonly #unstopped = new Set<Submission>();
  readonly #random: SeededRandom;
  readonly #mayRefuse: boolean;

  constructor({ random, mayRefuse = false }: LoadOptions) {
    this.#random = random;
    this.#mayRefuse = mayRefuse;
  }

  /** Resolves when every client has lost the server, or `done` says so. */
  async run(host: string, done: () => boolean): Promise<void> {
    const client = new RawClient({ host });
    await Promise.all(Array.from({ length: CLIENTS }, () => this.#whileServed(client, done)));
  }

  /** On any of several servers: a client whose server refuses or is lost goes on with the next. Resolves when `done` says so. */
  async runOver(hosts: () => readonly string[], done: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.#whileAnyServes(hosts, client, done)));
  }

  /** One task that runs for so long, and that no client stops. Gives its id, once it is acknowledged. */
  async submitLong(host: string, runMs: number): Promise<string> {
    const submission = this.#newSubmission({ runMs, failures: 0 });
    this.#unstopped.add(submission);
    const client = new RawClient({ host });
    await until('the task is taken', async () => {
      await this.#submit(client, submission);
      return submission.answer === 'acknowledged';
    });
    return submission.taskId;
  }

  /** One function with code of its own. Rejects when the server is lost before its answer. */
  async deploy(host: string): Promise<void> {
    const made: MarkedFunction = { name: `marked-${this.functions.length}`, acknowledged: false };
    this.functions.push(made);
    const response = await deployMarked(host, made.name);
    made.acknowledged = this.#expect(response, 200);
  }

  /** Sends again what may or may not have been stored, under the same id and with the same bytes. */
  async resubmitUnknown(host: string): Promise<void> {
    const client = new RawClient({ host });
    for (const submission of this.submissions.filter(({ answer }) => answer === 'none')) {
      await until('the task is taken', async () => {
        await this.#submit(client, submission);
        return submission.answer === 'acknowledged';
      });
    }
  }

  async #whileServed(client: RawClient, done: () => boolean): Promise<void> {
    while (!done()) {
      try {
        await this.#step(client);
      } catch {
        return; // the server is gone; what the last request came to is not known
      }
    }
  }

  async #whileAnyServes(hosts: () => readonly string[], client: number, done: () => boolean): Promise<void> {
    for (let turn = client; !done(); turn += 1) {
      const all = hosts();
      const host = all[turn % all.length] ?? '';
      const seen = { refusal: false };
      const raw = new RawClient({ host }, (_, { status }) => (seen.refusal ||= status === 503));
      try {
        while (!done() && !seen.refusal) await this.#step(raw);
      } catch {
        // It is gone; what the last request came to is not known.
      }
      await delay(MOVE_PAUSE_MS);
    }
  }

  async #step(client: RawClient): Promise<void> {
    const dice = this.#random.integer(0, 99);
    const known = this.submissions.filter(({ answer }) => answer === 'acknowledged');
    const any = known[this.#random.integer(0, Math.max(0, known.length - 1))];
    if (dice < 70 || any === undefined) await this.#submit(client, this.#newSubmission(this.#draw()));
    else if (dice < 80) await this.#stop(client, any);
    else if (dice < 90) await this.#read(client, any);
    else this.#expect(await client.send({ target: `${TASKS}?limit=20` }), 200);
  }

  #draw(): Behaviour {
    const random = this.#random;
    const runMs = random.chance(0.1) ? random.integer(0, 400) : random.integer(0, 20);
    return { runMs, failures: random.chance(0.2) ? random.integer(1, 3) : 0 };
  }

  #newSubmission(behaviour: Behaviour): Submission {
    const taskId = `t${this.submissions.length}-${this.#random.integer(0, 999_999)}`;
    const payload = JSON.stringify({ taskId, ...behaviour });
    const submission: Submission = { taskId, payload, answer: 'none', seen: [] };
    this.submissions.push(submission);
    return submission;
  }

  async #submit(client: RawClient, submission: Submission): Promise<void> {
    const response = await client.send({
      method: 'POST',
      target: '/2023-03-30/functions/ledger/invocations',
      headers: [
        ['x-fc-invocation-type', 'Async'],
        ['x-fc-async-task-id', submission.taskId],
      ],
      body: submission.payload,
    });
    if (!this.#expect(response, 202, 409, 429)) return;
    submission.answer = response.status === 429 ? 'refused' : 'acknowledged';
    if (submission.answer === 'refused') await delay(REFUSED_PAUSE_MS);
  }

  async #stop(client: RawClient, submission: Submission): Promise<void> {
    if (this.#unstopped.has(submission)) return;
    const response = await client.send({ method: 'PUT', target: `${TASKS}/${submission.taskId}/stop` });
    this.#expect(response, 204, 412);
    if (response.status === 204) submission.stoppedAtMs ??= Date.now();
  }

  async #read(client: RawClient, submission: Submission): Promise<void> {
    const response = await client.send({ target: `${TASKS}/${submission.taskId}` });
    if (!this.#expect(response, 200)) return;
    const { events } = JSON.parse(response.body.toString('utf8')) as { events: EventView[] };
    submission.seen.push(events.map(({ status, timestamp }) => ({ status, timestamp })));
  }

  #expect(response: RawResponse, ...allowed: readonly number[]): boolean {
    if (allowed.includes(response.status)) return true;
    const text = response.body.toString('utf8');
    if (!this.#mayRefuse || !REFUSALS.has(response.status)) this.unexpectedAnswers.push(`${response.status} ${text}`);
    else {
      const { Message } = JSON.parse(text) as { Message: string };
      this.refusals.set(Message, (this.refusals.get(Message) ?? 0) + 1);
    }
    return false;
  }
}
