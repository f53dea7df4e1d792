/** What a backlog costs in memory. */
import { isOurs, withRunning } from '../contender.ts';
import type { Case, Work } from '../work.ts';
import { fill } from './fill.ts';

const MIB = 1024 * 1024;
/**
 * So that what a server allocates with its first work is not counted as the backlog's: its code and the space that a
 * collector lets grow under load. With 2,000 a server of ours gained 89 MiB to 100,000 waiting tasks, and 12 to a million.
 */
const WARM_UP_TASKS = 20_000;

export const memory: Work = {
  name: 'memory',
  title: 'Memory of a backlog',
  description:
    "Resident memory (PSS) of the contender's server processes, the client of a library not counted, after the first 20,000 tasks and with all.",
  isFor: ({ name }) => !name.startsWith('bare-'),
  cases: ({ waitingTasks }) =>
    waitingTasks.map(
      (count, index): Case => ({
        name: `${count.toLocaleString('en-US')} waiting`,
        rounds: 1,
        measure: (contender) =>
          withRunning(contender, async (running) => {
            // Tens of minutes of single adds, and nobody asks.
            if (index > 0 && !isOurs(contender) && running.addInBulk === undefined) return undefined;
            const first = Math.min(WARM_UP_TASKS, count / 2);
            await fill(running, first);
            const before = running.usage();
            await fill(running, count - first);
            const after = running.usage();
            if (before === undefined || after === undefined) return undefined;
            return [
              { metric: 'resident', unit: 'MiB', value: after.memoryBytes / MIB },
              {
                metric: 'more than after the first 20,000',
                unit: 'MiB',
                value: (after.memoryBytes - before.memoryBytes) / MIB,
              },
            ];
          }),
      }),
    ),
};
