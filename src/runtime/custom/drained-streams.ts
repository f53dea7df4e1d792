/**
 * What a program printed before it answered may still be in its pipes when the answer is here: which of the two the
 * event loop reads first is chance. A program of the user's counts nothing for us, so turns without a read tell.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InstanceLog } from '../log/instance-log.ts';

/** The first only ends the turn in which the answer was read; each of the others looks at the pipes. */
const SILENT_TURNS = 3;
/** A program that prints all the time is not waited for. */
const TURNS_MAX = 64;

export async function drainedStreams(log: InstanceLog): Promise<void> {
  let readBytes = log.readBytes;
  let silentTurns = 0;
  for (let turn = 0; turn < TURNS_MAX && silentTurns < SILENT_TURNS; turn += 1) {
    await nextTurn();
    silentTurns = log.readBytes === readBytes ? silentTurns + 1 : 0;
    readBytes = log.readBytes;
  }
}
