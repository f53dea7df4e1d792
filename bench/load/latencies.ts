/** Milliseconds from when a task was due to be submitted to when its handler began. */
import type { Pace } from '../contender.ts';
import type { Paced } from './pace.ts';

/** All times are milliseconds since the epoch, with fractions; on one machine all processes read the same clock. */
export interface Subject {
  /** Resolves, once it is acknowledged, to when the task was submitted. */
  submit(index: number): Promise<number>;
  /** Resolves, once all are acknowledged, to when each was due. */
  submitPaced(paced: Paced): Promise<Float64Array>;
  /** When the task's handler began; waits until it has. */
  startedAtMs(index: number): Promise<number>;
}

/**
 * The first tasks start what runs the others, and are not counted. Nor are those while a compiler is at work: after 20 a
 * server of ours took 1.9 to 2.1 ms at the median, after 1,000 it took 1.4.
 */
const WARM_UP_TASKS_MAX = 1_000;
const WARM_UP_SHARE = 2;

export async function startLatencies({ count, perSecond }: Pace, subject: Subject): Promise<Float64Array> {
  const warmUp = Math.min(WARM_UP_TASKS_MAX, WARM_UP_SHARE * count);
  await submitOneByOne(subject, 0, warmUp);
  const dueMs =
    perSecond === undefined
      ? await submitOneByOne(subject, warmUp, count)
      : await subject.submitPaced({ from: warmUp, count, perSecond });
  const latencies = new Float64Array(count);
  for (const [index, due] of dueMs.entries()) {
    latencies[index] = (await subject.startedAtMs(warmUp + index)) - due;
  }
  return latencies;
}

async function submitOneByOne(subject: Subject, from: number, count: number): Promise<Float64Array> {
  const submittedMs = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    submittedMs[index] = await subject.submit(from + index);
    await subject.startedAtMs(from + index);
  }
  return submittedMs;
}
