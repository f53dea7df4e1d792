/** In the order in which rounds take their turns. */
import { crashed, exhausted, failedOver, readOnly, restarted, slow } from './database-faults.ts';
import type { FaultKind } from './fault-kind.ts';
import { cutOff, halfOpen, killed, paused } from './node-faults.ts';

export const FAULT_KINDS: readonly FaultKind[] = [
  killed,
  paused,
  cutOff,
  crashed,
  failedOver,
  halfOpen,
  restarted,
  readOnly,
  slow,
  exhausted,
];
