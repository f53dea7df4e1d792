/**
 * The process of a library's user: `library-process.ts producer|worker PROGRAM URL`. The loops are the same for every
 * library, so that a difference between two of them is theirs.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Added, BulkLoad, Load } from '../contender.ts';
import { type Paced, pace } from '../load/pace.ts';
import { payloadText } from '../load/payload-text.ts';
import { serveCalls } from '../process/call.ts';

export interface Payload {
  /** Of a task whose start is asked for later. */
  readonly index?: number;
  readonly text: string;
}

/** What `libraries/*.mjs` export. */
export interface Library {
  /** Makes what it needs in an empty database. */
  openProducer(url: string): Promise<Producer>;
  /** Calls `handle` as the handler of each task, until what it resolves to is called. */
  openWorker(url: string, handle: (payload: Payload) => void): Promise<() => Promise<unknown>>;
}

export interface Producer {
  /** Resolves when the task is committed. */
  add(payload: Payload): Promise<unknown>;
  readonly addMany?: (payloads: readonly Payload[]) => Promise<unknown>;
  /** Tasks that are not recorded as ended. */
  unfinished(): Promise<number>;
}

const now = (): number => performance.timeOrigin + performance.now();

const [role, program = '', url = ''] = process.argv.slice(2);
const library = (await import(`./libraries/${program}.mjs`)) as Library;
if (role === 'producer') serveProducer(await library.openProducer(url));
else serveWorker();

function serveProducer(producer: Producer): void {
  serveCalls({
    hasBulk: async () => producer.addMany !== undefined,
    add: (load: Load) => add(producer, load),
    addInBulk: (load: BulkLoad) => addInBulk(producer, load),
    unfinished: () => producer.unfinished(),
    submit: async (index: number) => {
      const submittedMs = now();
      await producer.add({ index, text: payloadText(100, index) });
      return submittedMs;
    },
    submitPaced: async (paced: Paced) => {
      const adds: Promise<unknown>[] = [];
      const dueMs = await pace(paced, (index) => {
        adds.push(producer.add({ index, text: payloadText(100, index) }));
      });
      await Promise.all(adds);
      return dueMs;
    },
  });
}

async function add(producer: Producer, { count, connections, payloadBytes }: Load): Promise<Added> {
  const latenciesMs = new Float64Array(count);
  const indexes = Array(count).keys();
  const startedAtMs = now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const index of indexes) {
        const addedMs = performance.now();
        await producer.add({ text: payloadText(payloadBytes, index) });
        latenciesMs[index] = performance.now() - addedMs;
      }
    }),
  );
  return { startedAtMs, seconds: (now() - startedAtMs) / 1000, latenciesMs };
}

async function addInBulk(producer: Producer, { count, batch, payloadBytes }: BulkLoad): Promise<Added> {
  const latenciesMs: number[] = [];
  const startedAtMs = now();
  for (let from = 0; from < count; from += batch) {
    const addedMs = performance.now();
    const size = Math.min(batch, count - from);
    await producer.addMany?.(Array.from({ length: size }, (_, at) => ({ text: payloadText(payloadBytes, from + at) })));
    latenciesMs.push(performance.now() - addedMs);
  }
  return { startedAtMs, seconds: (now() - startedAtMs) / 1000, latenciesMs: Float64Array.from(latenciesMs) };
}

/** Connects when it is told to, so that starting a process is no part of what is measured. */
function serveWorker(): void {
  const startedAtMs = new Map<number, number>();
  let startedTasks = 0;
  let close: (() => Promise<unknown>) | undefined;
  const handle = ({ index }: Payload): void => {
    startedTasks += 1;
    if (index !== undefined && !startedAtMs.has(index)) startedAtMs.set(index, now());
  };
  serveCalls({
    open: async () => {
      close = await library.openWorker(url, handle);
    },
    close: async () => {
      await close?.();
    },
    startedTasks: async () => startedTasks,
    startedAtMs: async (index: number) => {
      for (;;) {
        const startedMs = startedAtMs.get(index);
        if (startedMs !== undefined) return startedMs;
        await delay(1);
      }
    },
  });
}
