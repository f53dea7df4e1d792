import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../core/decide.ts';
import { newTask, taskIn } from '../../core/task.fixture.ts';
import type { Task } from '../../core/task.ts';
import { pragma } from './connection.ts';
import { type GatheredCall, GroupCommit } from './group-commit.ts';
import { openDatabase } from './open-database.ts';
import { PacketBytes } from './packet.ts';
import { packNewTask, packTransition } from './task-packing.ts';
import { makeFolder } from './temporary-store.fixture.ts';
import type { PackedAnswer, WriteOperations } from './thread-protocol.ts';
import { createWriteContext, type WriteContext } from './write-context.ts';
import { createWriteOperations, type Handlers } from './write-operations.ts';

let folder = '';
let database: DatabaseSync;
let context: WriteContext;
let disk: { full: boolean; refusal: () => string | undefined; ranFull: () => void };

beforeEach(async () => {
  folder = await makeFolder();
  const file = join(folder, 'meanwhile.db');
  await writeFile(file, '');
  database = openDatabase(file, 0);
  context = createWriteContext(database);
  disk = {
    full: false,
    refusal: () => (disk.full ? 'the disk is full' : undefined),
    ranFull: () => {
      disk.full = true;
      // What the reserve file is for a real disk: room for what must still be written.
      database.exec(`PRAGMA max_page_count = ${Number(pragma(database, 'page_count')) + 100}`);
    },
  };
});
afterEach(async () => {
  if (database.isOpen) database.close();
  await rm(folder, { recursive: true, force: true });
});

function run(calls: readonly GatheredCall[], replaced: Partial<Handlers<WriteOperations>> = {}) {
  const operations = { ...createWriteOperations(context), ...replaced };
  const { answers, commit } = new GroupCommit({ context, operations, disk, monotonic: () => 0 }).run(calls);
  return { answers: JSON.parse(answers.text) as PackedAnswer[], commit };
}

function call(callId: number, operation: string, encode: (bytes: PacketBytes) => unknown): GatheredCall {
  const bytes = new PacketBytes();
  const input = encode(bytes);
  return { call: [callId, operation, input], packet: bytes.pack(null), sizeBytes: 0 };
}

const accept = (callId: number, task: Task, payloadBytes = 10): GatheredCall =>
  call(callId, 'accept', (bytes) => [packNewTask({ task, payload: new Uint8Array(payloadBytes) }, bytes)]);

const countRows = (): unknown => database.prepare('SELECT count(*) AS count FROM task').get()?.['count'];

describe('a shared commit', () => {
  it('answers each call and tells how many it held', () => {
    const { answers, commit } = run([accept(7, newTask({ taskId: 'a' })), accept(8, newTask({ taskId: 'a' }))]);
    expect(answers).toEqual([
      [7, [true]],
      [8, [false]],
    ]);
    expect(commit).toMatchObject({ batchSize: 2 });
  });

  it('is none when nothing was written', () => {
    expect(run([call(1, 'countTasks', () => null)]).commit).toBeNull();
  });

  it('fails only the call that breaks a rule of the database, and counts only what stayed', () => {
    const broken = { ...taskIn('Running', { taskId: 'broken' }), owner: null };
    const calls = [
      accept(1, newTask({ taskId: 'a', functionName: 'new' })),
      accept(2, broken),
      accept(3, newTask({ taskId: 'b' })),
    ];
    const { answers } = run(calls);
    expect(answers[0]).toEqual([1, [true]]);
    expect(answers[1]).toEqual([2, null, { kind: 'bug', message: expect.stringContaining('owned_when_held') }]);
    expect(answers[2]).toEqual([3, [true]]);
    expect([...context.counts.entries()].map(([, , count]) => count)).toEqual([1, 1]);
    expect(countRows()).toBe(2);
    // A function first named in the transaction that was rolled back is known by a number that exists.
    expect(
      database.prepare('SELECT count(*) AS count FROM task JOIN interned_function USING (function_id)').get(),
    ).toEqual({ count: 2 });
  });

  it('passes on what is fatal, with nothing answered', () => {
    const ioError = Object.assign(new Error('disk I/O error'), { errcode: 10 + 256 * 4 });
    const failing = {
      deleteEnded: () => {
        throw ioError;
      },
    };
    expect(() => run([call(1, 'deleteEnded', () => ({ trackedBeforeMs: 0, limit: 1 }))], failing)).toThrow(ioError);
  });
});

describe('a full disk', () => {
  const fill = (): PackedAnswer => {
    database.exec(`PRAGMA max_page_count = ${Number(pragma(database, 'page_count')) + 20}`);
    return run([accept(1, newTask({ taskId: 'large' }), 1_000_000)]).answers[0] ?? [0, null];
  };

  it('refuses new tasks with the reason, and leaves nothing of them', () => {
    expect(fill()).toEqual([1, null, { kind: 'unavailable', message: expect.stringContaining('full') }]);
    expect(run([accept(2, newTask({ taskId: 'small' }))]).answers).toEqual([
      [2, null, { kind: 'unavailable', message: 'the disk is full' }],
    ]);
    expect(countRows()).toBe(0);
  });

  it('still lets tasks end and records be deleted', () => {
    const task = newTask({ taskId: 'kept' });
    run([accept(1, task)]);
    fill();
    const decision = decide(task, { kind: 'stop' }, { nowMs: 5_000, random: 0 });
    if (decision.kind !== 'go') throw new Error('a waiting task can be stopped');
    const stop = call(3, 'apply', (bytes) => [packTransition(decision.transition, bytes)]);
    const sweep = call(4, 'deleteEnded', () => ({ trackedBeforeMs: 9_000, limit: 5 }));
    expect(run([stop, sweep]).answers).toEqual([
      [3, [true]],
      [4, 1],
    ]);
  });

  it('accepts again once there is space', () => {
    fill();
    disk.full = false;
    database.exec('PRAGMA max_page_count = 100000');
    expect(run([accept(5, newTask({ taskId: 'small' }))]).answers).toEqual([[5, [true]]]);
  });
});

describe('the database itself', () => {
  const setStatus = (status: number, rest: string): void => {
    database.exec(`UPDATE task SET status = ${status}${rest}`);
  };

  it('keeps a final task as it ended, whatever the program asks', () => {
    run([accept(1, taskIn('Succeeded'))]);
    expect(() => setStatus(0, ', ended_at_ms = NULL')).toThrow('a final task never changes');
    expect(() => database.exec('UPDATE task SET fence = fence + 1')).toThrow('a final task never changes');
    database.exec('UPDATE task SET destination_status = 1');
  });

  it('ties the end to the final states and the owner to the held ones', () => {
    run([accept(1, newTask())]);
    expect(() => setStatus(5, '')).toThrow('ended_when_final');
    expect(() => setStatus(0, ', ended_at_ms = 5')).toThrow('ended_when_final');
    expect(() => setStatus(3, '')).toThrow('owned_when_held');
    expect(() => setStatus(1, ", owner = 'n'")).toThrow('owned_when_held');
    expect(() => setStatus(10, ', ended_at_ms = 5')).toThrow('CHECK');
  });
});
