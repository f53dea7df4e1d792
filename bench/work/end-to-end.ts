/** Work that is taken and run at the same time, and what a task costs from its accept to its end. */
import { type Contender, isOurs, type Running, withRunning } from '../contender.ts';
import type { Case, Measurement, Work } from '../work.ts';
import { watchCosts } from './costs.ts';
import { BOUNDED, boundedLoad, warmUp } from './warm-up.ts';

const CONNECTIONS = 64;

export const endToEnd: Work = {
  name: 'end-to-end',
  title: 'End to end',
  description: `Tasks are submitted at ${CONNECTIONS} connections while they run: tasks a second from the first accept until the last is recorded as ended. CPU time is that of the contender's servers and handlers, what submits is counted apart; bytes are what the disk wrote in that time. ${BOUNDED}`,
  cases: ({ endToEndTasks }) =>
    endToEndTasks.map(
      (count, index): Case => ({
        name: `${count.toLocaleString('en-US')} tasks`,
        ...(index === 0 ? { plotted: 'rate' } : { rounds: 1 }),
        // Ten times the work is a question to Meanwhile; of peers that take 1,000 tasks a second it would be asked for an hour.
        measure: async (contender) =>
          index === 0 || isOurs(contender)
            ? await measureEndToEnd(contender, { count, isBounded: index === 0 })
            : undefined,
      }),
    ),
};

/** Where nothing is run: undefined. */
export async function measureEndToEnd(
  contender: Contender,
  { count, nodes, isBounded }: { readonly count: number; readonly nodes?: number; readonly isBounded: boolean },
): Promise<readonly Measurement[] | undefined> {
  const measure = async (running: Running): Promise<readonly Measurement[] | undefined> => {
    const { execution } = running;
    if (execution === undefined) return undefined;
    const whole = { count, connections: CONNECTIONS, payloadBytes: 100 };
    await execution.release();
    const { count: before, perSecond } = await warmUp(running, whole);
    await execution.ended(before);
    const load = isBounded ? boundedLoad(whole, perSecond) : whole;

    const costs = await watchCosts(running);
    const { startedAtMs } = await running.add(load);
    await execution.ended(before + load.count);
    const elapsedMs = performance.timeOrigin + performance.now() - startedAtMs;
    return [{ metric: 'rate', unit: '/s', value: (load.count * 1000) / elapsedMs }, ...(await costs(load.count))];
  };
  return await withRunning(contender, measure, nodes);
}
