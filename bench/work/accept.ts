/** How fast work is taken, one acknowledgement a task, while nothing else runs. */
import { type Added, type Contender, type Load, withRunning } from '../contender.ts';
import { median, quantile } from '../report/statistics.ts';
import type { Case, Measurement, Work } from '../work.ts';
import { watchCosts } from './costs.ts';
import { BOUNDED, boundedLoad, warmUp } from './warm-up.ts';

/** A connection by itself waits for each answer, so the same time takes fewer tasks. */
const LONE_SHARE = 10;

export const accept: Work = {
  name: 'accept',
  title: 'Durable accept',
  description: `Tasks of 100 bytes are submitted one by one, each acknowledged by itself, over so many connections (in a library: adds under way). They wait; nothing runs. ${BOUNDED}`,
  cases: ({ connections, acceptTasks }) =>
    connections.map((width): Case => {
      const count = width === 1 ? acceptTasks / LONE_SHARE : acceptTasks;
      return {
        name: width === 1 ? '1 connection' : `${width} connections`,
        ...(width === 64 && { plotted: 'rate' }),
        measure: (contender) => measureAccept(contender, { count, connections: width, payloadBytes: 100 }),
      };
    }),
};

export async function measureAccept(contender: Contender, load: Load): Promise<readonly Measurement[]> {
  return await withRunning(contender, async (running) => {
    const { perSecond } = await warmUp(running, load);
    const bounded = boundedLoad(load, perSecond);
    const costs = await watchCosts(running);
    const added = await running.add(bounded);
    return [...rateAndLatency(added), ...(await costs(bounded.count))];
  });
}

function rateAndLatency({ seconds, latenciesMs }: Added): readonly Measurement[] {
  return [
    { metric: 'rate', unit: '/s', value: latenciesMs.length / seconds },
    { metric: 'p50', unit: 'ms', value: median(latenciesMs) },
    { metric: 'p99', unit: 'ms', value: quantile(latenciesMs, 0.99) },
  ];
}
