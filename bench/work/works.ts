/** All pieces of work, in the order of the report. */
import type { Work } from '../work.ts';
import { accept } from './accept.ts';
import { bulk } from './bulk.ts';
import { drain } from './drain.ts';
import { endToEnd } from './end-to-end.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { nodes, nodesDrain } from './nodes.ts';
import { payload } from './payload.ts';
import { records } from './records.ts';
import { runtimes } from './runtimes.ts';

export const WORKS: readonly Work[] = [
  ...[accept, bulk, drain, endToEnd, latency, payload],
  ...[nodes, nodesDrain, runtimes, memory, records],
];
