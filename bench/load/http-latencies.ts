/** Latencies of tasks that are submitted over HTTP, with requests that are prepared before they are due. */
import type { Pace } from '../contender.ts';
import { startLatencies } from './latencies.ts';
import { openLane, sendPaced, type Target } from './raw-client.ts';

export interface HttpSubject {
  readonly target: Target;
  /** The bytes that submit a task. */
  request(index: number): Buffer;
  startedAtMs(index: number): Promise<number>;
}

export async function httpStartLatencies(pace: Pace, subject: HttpSubject): Promise<Float64Array> {
  const lane = await openLane(subject.target);
  const latencies = await startLatencies(pace, {
    submit: async (index) => lane.send(subject.request(index)),
    submitPaced: async ({ from, count, perSecond }) => {
      const requests = Array.from({ length: count }, (_, index) => subject.request(from + index));
      return await sendPaced(subject.target, requests, perSecond);
    },
    startedAtMs: (index) => subject.startedAtMs(index),
  });
  lane.close();
  return latencies;
}
