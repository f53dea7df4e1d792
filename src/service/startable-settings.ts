/** Settings that a process can be started with: what the system would refuse fails each start of an instance. */
import { invalidArgument } from '../core/errors.ts';
import { KIB } from '../core/limits.ts';
import type { FunctionSettings } from '../core/resources.ts';

/** The longest single text that Linux gives a program. Function Compute itself documents 4 KB for all variables. */
const BYTES_MAX = 128 * KIB;

/** Throws `InvalidArgument`. */
export function checkStartable({ environment, handler, passive }: FunctionSettings): void {
  checkEnvironment(environment);
  if (handler.includes('\0')) throw invalidArgument('handler may not hold a NUL');
  const { command, args } = (passive['customRuntimeConfig'] ?? {}) as CommandLine;
  checkWords('customRuntimeConfig.command', command ?? []);
  checkWords('customRuntimeConfig.args', args ?? []);
}

/** As the dialects have checked it. */
interface CommandLine {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

function checkEnvironment(environment: FunctionSettings['environment']): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(environment)) {
    if (name === '' || name.startsWith('-') || name.includes('=') || name.includes('\0')) {
      throw invalidArgument(
        `environmentVariables may have no name that is empty, begins with - or holds = or NUL (actual: '${name.slice(0, 64)}')`,
      );
    }
    if (value.includes('\0')) throw invalidArgument(`environmentVariables.${name.slice(0, 64)} may not hold a NUL`);
    bytes += Buffer.byteLength(`${name}=${value}\0`);
  }
  if (bytes <= BYTES_MAX) return;
  throw invalidArgument(
    `environmentVariables may have at most ${BYTES_MAX} bytes in all, names and values and two more for each (actual: ${bytes})`,
  );
}

function checkWords(member: string, words: readonly string[]): void {
  if (words.some((word) => word.includes('\0'))) throw invalidArgument(`${member} may not hold a NUL`);
  const bytes = words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytes <= BYTES_MAX) return;
  throw invalidArgument(
    `${member} may have at most ${BYTES_MAX} bytes in all, one more for each word (actual: ${bytes})`,
  );
}
