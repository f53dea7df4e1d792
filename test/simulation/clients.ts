/** Callers of the cluster, and the ledger of what each was told: no part of the engine writes it. */
import { FcError } from '../../src/core/errors.ts';
import type { TaskKey } from '../../src/core/task.ts';
import { deleteFunction } from '../../src/service/delete-function.ts';
import { getTask } from '../../src/service/get-task.ts';
import { invokeFunction } from '../../src/service/invoke-function.ts';
import { invokeAsync } from '../../src/service/invoke-async.ts';
import { listTasks } from '../../src/service/list-tasks.ts';
import { stopTask } from '../../src/service/stop-task.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { ACCOUNT, type Cluster } from './cluster.ts';
import type { SimulatedNode } from './node/simulated-node.ts';
import { FAULTS_MS, isCalm } from './world/swarm.ts';
import { START_MS } from './world/world.ts';

/** `silent` while nothing came back; `unknown` when the store could not say. */
export type Answer = 'silent' | 'accepted' | 'duplicate' | 'refused' | 'unknown';

export interface Submission extends TaskKey {
  readonly requestId: string;
  readonly payload: Uint8Array;
  answer: Answer;
}

const CLIENT_PATIENCE_MS = 2_000;
const TRIES_MAX = 6;
/** After the faults are over, for as long may calls from before still be under way. */
const LATE_ANSWER_MS = 3_000;
/** Until a stop has reached an attempt on another node. */
const STOP_ELSEWHERE_MS = 1_000;

export class Clients {
  readonly submissions: Submission[] = [];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  schedule(): void {
    const { world, swarm } = this.#cluster;
    for (let number = 1; number <= swarm.taskCount; number += 1) {
      world.after(world.random.integer(100, FAULTS_MS), '', () => this.submit(`t${number}`));
    }
    for (let number = 1; number <= 3; number += 1) {
      world.after(world.random.integer(1_000, FAULTS_MS), '', () => this.#list());
    }
    for (let number = 1; number <= swarm.syncCount; number += 1) {
      world.after(world.random.integer(100, FAULTS_MS), '', () => this.#invoke());
    }
    if (!swarm.deletesFunction || swarm.functions.length === 1) return;
    world.after(world.random.integer(1_000, FAULTS_MS), '', () => this.#deleteLastFunction());
  }

  /** One task, offered again under its id until somebody gives a clear answer. */
  submit(name: string): void {
    const { world, swarm } = this.#cluster;
    const functionName = world.random.pick(swarm.functions).name;
    const delaySeconds = world.random.chance(swarm.delayRate) ? world.random.integer(1, 6) : 0;
    this.#offer({ taskId: name, functionName, delaySeconds }, 1);
    if (world.random.chance(swarm.duplicateRate)) {
      world.after(world.random.integer(0, 500), '', () =>
        this.#offer({ taskId: name, functionName, delaySeconds }, TRIES_MAX),
      );
    }
    if (!world.random.chance(swarm.stopRate)) return;
    world.after(world.random.integer(1, 4_000), '', () => this.#stop({ account: ACCOUNT, taskId: name, functionName }));
  }

  #offer(wish: Wish, tryNumber: number): void {
    const { world } = this.#cluster;
    const again = (): void => {
      if (tryNumber < TRIES_MAX) this.#offer(wish, tryNumber + 1);
    };
    const node = this.#cluster.servingNode();
    if (node === undefined) {
      world.after(500, '', again);
      return;
    }
    const submission = this.#submission(wish);
    world.after(CLIENT_PATIENCE_MS, '', () => {
      if (submission.answer === 'silent' || submission.answer === 'unknown') again();
    });
    this.#ask(node, 'invoke', async () => {
      try {
        const caller = { account: ACCOUNT, requestId: submission.requestId };
        const { delaySeconds, functionName, taskId } = wish;
        const { payload } = submission;
        const call = { qualifier: '', payloadForm: 'event', forceTracked: false } as const;
        const input = { functionName, taskId, delaySeconds, payload, ...call };
        const accepted = await invokeAsync(node.context, caller, input);
        this.#accepted({ ...submission, taskId: accepted.taskId }, accepted.tracked);
        submission.answer = 'accepted';
      } catch (error) {
        submission.answer = this.#answerOf(error);
      }
      world.note(`client is told ${submission.requestId} ${wish.taskId} ${submission.answer}`);
    });
  }

  #submission({ functionName, taskId }: Wish): Submission {
    const requestId = this.#cluster.newRequestId();
    const payload = new TextEncoder().encode(`payload of ${requestId}`);
    const submission: Submission = { account: ACCOUNT, functionName, taskId, requestId, payload, answer: 'silent' };
    this.submissions.push(submission);
    return submission;
  }

  /** From here on the task must be there, as it was sent, on every node. */
  #accepted(submission: Submission, tracked: boolean): void {
    const { world, rows } = this.#cluster;
    const row = rows.find(submission);
    if (row?.task.requestId !== submission.requestId) {
      world.violated(`${submission.taskId} was acknowledged and is not in the store`);
    } else if (Buffer.compare(row.payload, submission.payload) !== 0) {
      world.violated(`${submission.taskId} was stored with another payload`);
    }
    const node = this.#cluster.servingNode();
    if (!tracked || node === undefined) return;
    this.#ask(node, 'get', async () => {
      await getTask(node.context, this.#caller(), { ...submission, qualifier: '' }).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable))
          world.violated(`${submission.taskId} cannot be read: ${String(error)}`);
      });
    });
  }

  /** Asked again when the answer was not clear: a caller cannot know whether the first one took effect. */
  #stop(key: TaskKey, tryNumber = 1): void {
    const { world, rows } = this.#cluster;
    const node = this.#cluster.servingNode();
    if (node === undefined) return;
    this.#ask(node, 'stop', async () => {
      try {
        await stopTask(node.context, this.#caller(), { ...key, qualifier: '' });
      } catch (error) {
        const isUnclear = this.#answerOf(error) === 'unknown' && tryNumber < TRIES_MAX;
        if (isUnclear) world.after(world.random.integer(0, 200), '', () => this.#stop(key, tryNumber + 1));
        return;
      }
      world.note(`client is told that ${key.taskId} is stopped`);
      const row = rows.find(key);
      if (row === undefined || !['Stopping', 'Stopped'].includes(row.task.status)) {
        world.violated(`${key.taskId} was acknowledged as stopped and is ${row?.task.status ?? 'nowhere'}`);
        return;
      }
      row.stopAcknowledgedBy.add(node.process.nodeId);
      this.#checkAborted(row.task.requestId, node);
      this.#checkAbortedElsewhere(row.task.requestId);
    });
  }

  /** What runs on another node is told soon: nodes and store are well from now on. */
  #checkAbortedElsewhere(requestId: string): void {
    const cluster = this.#cluster;
    const { world, executions } = cluster;
    const running = executions.ofRequest(requestId).filter(({ endedAtMs }) => endedAtMs === null);
    if (!isWell(cluster)) return;
    world.after(STOP_ELSEWHERE_MS, '', () => {
      for (const { executionId, endedAtMs, abortedFor } of running) {
        if (abortedFor === 'stop') world.coverage.hit('a stop reached an attempt on another node');
        if (endedAtMs === null && abortedFor === null)
          world.violated(`${executionId} goes on ${STOP_ELSEWHERE_MS} ms after its stop`);
      }
    });
  }

  /** A synchronous invocation: it is nowhere on record, so the checks of executions are all there is. */
  #invoke(): void {
    const { world, swarm, syncRequests } = this.#cluster;
    const node = this.#cluster.servingNode();
    if (node === undefined) return;
    const functionName = world.random.pick(swarm.functions).name;
    const caller = this.#caller();
    syncRequests.add(caller.requestId);
    this.#ask(node, 'call', async () => {
      const { signal } = new AbortController();
      const payload = new Uint8Array();
      const input = { functionName, qualifier: '', payload, payloadForm: 'event', signal } as const;
      await invokeFunction(node.context, caller, input).catch((error: unknown) => {
        if (error instanceof FcError && error.code === 'ResourceExhausted')
          world.coverage.hit('a synchronous execution was refused at the limit');
        this.#answerOf(error);
      });
    });
  }

  /** What runs on the node that took the stop is told to end before the stop is acknowledged. */
  #checkAborted(requestId: string, node: SimulatedNode): void {
    const { world, executions } = this.#cluster;
    for (const execution of executions.live()) {
      if (execution.requestId !== requestId || execution.process !== node.process) continue;
      if (execution.abortedFor === null) world.violated(`${execution.executionId} goes on after its stop`);
    }
  }

  /** Every task that was there before the list began is in it once. */
  #list(): void {
    const { world, swarm, rows } = this.#cluster;
    const node = this.#cluster.servingNode();
    if (node === undefined) return;
    const functionName = world.random.pick(swarm.functions).name;
    const order = world.random.pick(['oldest-first', 'newest-first'] as const);
    const wanted = [...rows.all()]
      .filter(({ task }) => task.functionName === functionName && task.tracked)
      .map(({ task }) => task.taskId);
    this.#ask(node, 'list', async () => {
      const seen: string[] = [];
      let nextToken = '';
      try {
        do {
          const input = { functionName, order, limit: 2, nextToken, includePayload: false };
          const page = await listTasks(node.context, this.#caller(), input);
          seen.push(...page.tasks.map(({ task }) => task.taskId));
          if (nextToken !== '' && seen.length > wanted.length) {
            world.coverage.hit('a list was read over several pages while tasks arrived');
          }
          nextToken = page.nextToken;
        } while (nextToken !== '');
      } catch (error) {
        this.#answerOf(error);
        return;
      }
      const missing = wanted.filter((taskId) => !seen.includes(taskId));
      if (missing.length > 0) world.violated(`a list of ${functionName} lacks ${missing.join(', ')}`);
      if (new Set(seen).size < seen.length) world.violated(`a list of ${functionName} shows a task twice`);
    });
  }

  #deleteLastFunction(): void {
    const functionName = this.#cluster.swarm.functions.at(-1)?.name ?? '';
    const node = this.#cluster.servingNode();
    if (node === undefined) return;
    this.#ask(node, 'delete', async () => {
      await deleteFunction(node.context, this.#caller(), { functionName }).catch((error: unknown) =>
        this.#answerOf(error),
      );
    });
  }

  /** Refusals and an unavailable store are answers; anything else is a fault of the operation. */
  #answerOf(error: unknown): Answer {
    if (error instanceof FcError) return error.code === 'TaskAlreadyExists' ? 'duplicate' : 'refused';
    if (error instanceof StoreUnavailable) return error.outcomeUnknown ? 'unknown' : 'refused';
    this.#cluster.world.violated(`an operation failed with ${String(error)}`);
    return 'refused';
  }

  #ask(node: SimulatedNode, label: string, request: () => Promise<void>): void {
    this.#cluster.world.note(`client asks ${node.process.nodeId} to ${label}`);
    node.process.resume(label, () => void request());
    this.#cluster.onRequest(node);
  }

  #caller(): { account: string; requestId: string } {
    return { account: ACCOUNT, requestId: this.#cluster.newRequestId() };
  }
}

interface Wish {
  readonly taskId: string;
  readonly functionName: string;
  readonly delaySeconds: number;
}

/** Nothing is wrong with nodes and store, and will not be. */
function isWell({ isHealed, nodes, swarm, world }: Cluster): boolean {
  if (isCalm(swarm)) return true;
  const isQuiet = isHealed && world.nowMs > START_MS + FAULTS_MS + LATE_ANSWER_MS;
  return isQuiet && nodes.every(({ isServing, process }) => isServing && process.pausedUntilMs <= world.nowMs);
}
