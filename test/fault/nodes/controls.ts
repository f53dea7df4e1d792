/** Guards that are taken out one by one, each with a fault that it guards against and what the checker must then find. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crashed, failedOver, restarted } from './database-faults.ts';
import type { FaultKind } from './fault-kind.ts';
import { cutOff, killed, paused } from './node-faults.ts';
import type { SeveralNodesOptions } from './several-nodes.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'without-guard-preload.ts')).href;

export interface Control {
  readonly without: string;
  readonly kind: FaultKind;
  readonly options: Omit<SeveralNodesOptions, 'random'>;
  readonly finds: RegExp;
}

const LOST = /acknowledged and lost/;
/** What one node had written was written over by another. */
const REWRITTEN = /it was once|ran \d+ times for \d+ claims/;
const TWICE_AT_ONCE = /ran twice at once/;
const NEVER_AGAIN = /in vain until they run again/;
/** Until a commit that nobody waits for is written by itself. */
const WRITTEN_LATE = ['wal_writer_delay=10000', 'wal_writer_flush_after=1000000'];

export const CONTROLS: readonly Control[] = [
  // First, because it takes least time.
  inTheServer('unknown outcome', restarted, LOST),
  inTheServer('self-fencing', cutOff, TWICE_AT_ONCE, { longRunMs: 30_000 }),
  inTheServer('attempt and fence', paused, REWRITTEN),
  { without: 'synchronous standby', kind: failedOver, options: { synchronous: false }, finds: LOST },
  inTheServer('newest server', failedOver, LOST),
  inTheServer('rescue', killed, NEVER_AGAIN),
  inTheServer('synchronous commit', crashed, LOST, { settings: WRITTEN_LATE }),
];

function inTheServer(without: string, kind: FaultKind, finds: RegExp, options: Control['options'] = {}): Control {
  const env = { NODE_OPTIONS: `--import=${PRELOAD}`, FAULT_WITHOUT_GUARD: without };
  return { without, kind, options: { env, ...options }, finds };
}
