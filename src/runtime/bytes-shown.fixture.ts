/** What a caller is given of an execution, byte for byte, but for what differs from machine to machine. */
import type { Execution } from '../core/outcome.ts';
import { resultText } from './runtime.fixture.ts';

export interface Shown {
  readonly document: string;
  readonly log: string;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /gm;
const OWN_REQUEST_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Frames of stacks that are not the function's, in a document and in a log. */
const OTHER_FRAMES = /(?:,"|\n) {4}at (?![^\n"]*[ (]\/code\/index)[^\n"]*"?/g;

/** The code lies in `/code`, all is logged at one time, and frames of Node.js and of this project are left out. */
export function bytesShown(execution: Execution, folder: string): Shown {
  const told = (text: string): string =>
    text
      .replaceAll(new RegExp(`${folder}/code/[0-9a-f]{64}`, 'g'), '/code')
      .replaceAll(OTHER_FRAMES, '')
      .replaceAll(TIME, '<time> ')
      .replaceAll(OWN_REQUEST_ID, '<id>');
  return { document: told(resultText(execution)), log: told(execution.logTail) };
}
