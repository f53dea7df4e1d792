import { clock } from './clock.ts';
import { damage } from './damage.ts';
import { failpoints } from './failpoints.ts';
import type { FaultFamily } from './family.ts';
import { full } from './full.ts';
import { io } from './io.ts';
import { kill } from './kill.ts';
import { nodes } from './nodes.ts';
import { pause } from './pause.ts';
import { power } from './power.ts';
import { unguarded } from './unguarded.ts';
import { wedge } from './wedge.ts';

/** In the order in which they run. */
export const FAMILIES: readonly FaultFamily[] = [
  failpoints,
  kill,
  power,
  io,
  full,
  pause,
  clock,
  damage,
  wedge,
  nodes,
  unguarded,
];
