/** A terminal that keeps what is printed. */
import { styleFor, type Terminal } from './terminal.ts';

export interface RecordingTerminal extends Terminal {
  readonly printed: string[];
  readonly noted: string[];
}

export function recordingTerminal(env: Terminal['env'] = {}): RecordingTerminal {
  const printed: string[] = [];
  const noted: string[] = [];
  return {
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    env,
    style: styleFor(false, env),
    printed,
    noted,
  };
}
