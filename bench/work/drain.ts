/** How fast a backlog is worked off. */
import { type Contender, type Running, withRunning } from '../contender.ts';
import type { Case, Measurement, Work } from '../work.ts';
import { watchCosts } from './costs.ts';
import { fill } from './fill.ts';

/**
 * Of the backlog, worked off before it is filled. A server that begins with a backlog is still compiling: ours on PostgreSQL
 * took 5,200 to 5,900 tasks a second, after this 7,800 to 8,600.
 */
const WARM_UP_SHARE = 0.5;

export const drain: Work = {
  name: 'drain',
  title: 'Drain',
  description:
    'A backlog is let go at once, when half as many tasks have run before: tasks a second from then until the last one is recorded as ended. The handler does nothing.',
  cases: ({ backlogTasks }) => [
    {
      name: `${backlogTasks.toLocaleString('en-US')} waiting`,
      plotted: 'rate',
      measure: (contender) => measureDrain(contender, { count: backlogTasks }),
    } satisfies Case,
  ],
};

/** Where nothing is run: undefined. */
export async function measureDrain(
  contender: Contender,
  { count, nodes }: { readonly count: number; readonly nodes?: number },
): Promise<readonly Measurement[] | undefined> {
  const measure = async ({ execution, ...running }: Running): Promise<readonly Measurement[] | undefined> => {
    if (execution === undefined) return undefined;
    const before = Math.ceil(count * WARM_UP_SHARE);
    await fill(running, before);
    await execution.release();
    await execution.ended(before);
    await execution.hold();
    await fill(running, count);
    const costs = await watchCosts(running);
    const startedMs = performance.now();
    await execution.release();
    await execution.ended(before + count);
    const elapsedMs = performance.now() - startedMs;
    return [{ metric: 'rate', unit: '/s', value: (count * 1000) / elapsedMs }, ...(await costs(count))];
  };
  return await withRunning(contender, measure, nodes);
}
