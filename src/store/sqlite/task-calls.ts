/** The port's operations on tasks and deliveries, as calls to the threads. */
import type { Outbox, TaskReader, TaskWriter } from '../store.ts';
import { decodeTask, statusOf } from '../task-row.ts';
import {
  packNewTask,
  packSettlement,
  packTransition,
  unpackClaimed,
  unpackDelivery,
  unpackStoredTask,
} from './task-packing.ts';
import type { ThreadLink } from './thread-link.ts';
import type { ReadOperations, WriteOperations } from './thread-protocol.ts';

export interface StoreLinks {
  readonly writer: ThreadLink<WriteOperations>;
  readonly reader: ThreadLink<ReadOperations>;
}

export function taskWriterCalls({ writer }: StoreLinks): TaskWriter {
  return {
    accept: (tasks) =>
      writer.call(
        'accept',
        (bytes) => tasks.map((task) => packNewTask(task, bytes)),
        (answers) => answers.map((accepted) => (accepted ? 'accepted' : 'duplicate')),
      ),
    claim: (requests, { owner, nowMs }) =>
      writer.call(
        'claim',
        () => ({
          requests: requests.map(({ account, functionName, limit, concurrencyMax }) => [
            account,
            functionName,
            limit,
            concurrencyMax,
          ]),
          owner,
          nowMs,
        }),
        (claimed, read) => claimed.map((one) => unpackClaimed(one, read)),
      ),
    apply: (transitions) =>
      writer.call(
        'apply',
        (bytes) => transitions.map((transition) => packTransition(transition, bytes)),
        (answers) => answers.map((applied) => (applied ? 'applied' : 'lost')),
      ),
    deleteEnded: (retention) => writer.call('deleteEnded', () => retention, asItIs),
  };
}

export function taskReaderCalls({ writer, reader }: StoreLinks): TaskReader {
  return {
    getTask: ({ account, functionName, taskId }) =>
      reader.call(
        'getTask',
        () => [account, functionName, taskId],
        (found, read) => (found === null ? undefined : unpackStoredTask(found, read)),
      ),
    findTask: ({ account, functionName, taskId }) =>
      reader.call(
        'findTask',
        () => [account, functionName, taskId],
        (found) => (found === null ? undefined : decodeTask(found)),
      ),
    listTasks: (query) =>
      reader.call(
        'listTasks',
        () => query,
        ({ tasks, next }, read) => ({
          tasks: tasks.map((task) => unpackStoredTask(task, read)),
          next: next && { acceptedAtMs: next[0], sequence: next[1] },
        }),
      ),
    waitingFunctions: () =>
      reader.call('waitingFunctions', nothing, (rows) =>
        rows.map(([account, functionName, nextDueAtMs]) => ({ account, functionName, nextDueAtMs })),
      ),
    findExpired: (nowMs, limit) =>
      reader.call(
        'findExpired',
        () => ({ nowMs, limit }),
        (rows) => rows.map(decodeTask),
      ),
    countTasks: () =>
      writer.call('countTasks', nothing, (rows) =>
        rows.map(([account, functionName, status, count]) => ({
          account,
          functionName,
          status: statusOf(status),
          count,
        })),
      ),
  };
}

export function outboxCalls({ writer }: StoreLinks): Outbox {
  return {
    claimDeliveries: (request) =>
      writer.call(
        'claimDeliveries',
        () => request,
        (deliveries, read) => deliveries.map((delivery) => unpackDelivery(delivery, read)),
      ),
    settleDeliveries: (settlements) =>
      writer.call(
        'settleDeliveries',
        (bytes) => settlements.map((settlement) => packSettlement(settlement, bytes)),
        (answers) => answers.map((settled) => (settled ? 'settled' : 'lost')),
      ),
  };
}

const nothing = (): null => null;
const asItIs = <T>(answer: T): T => answer;
