/** What larger payloads cost. */
import type { Case, Work } from '../work.ts';
import { measureAccept } from './accept.ts';
import { BOUNDED } from './warm-up.ts';

const CONNECTIONS = 64;
const LARGE_SHARE = 4;

export const payload: Work = {
  name: 'payload',
  title: 'Payloads',
  description: `Tasks with larger payloads are accepted at ${CONNECTIONS} connections. ${BOUNDED}`,
  cases: ({ payloadTasks }) =>
    [
      { name: '1 KB', payloadBytes: 1_000, count: payloadTasks },
      { name: '100 KB', payloadBytes: 100_000, count: payloadTasks / LARGE_SHARE },
    ].map(
      ({ name, ...load }): Case => ({
        name,
        measure: (contender) => measureAccept(contender, { ...load, connections: CONNECTIONS }),
      }),
    ),
};
