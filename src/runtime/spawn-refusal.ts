/** What became of an instance for which there could be no process. Pure. */
import type { Outcome } from '../core/outcome.ts';
import { initializationError } from './error-document.ts';

/** Of errors that no other machine would spare a function: what it set cannot be put on a command line. */
const BY_SETTINGS: Readonly<Record<string, string>> = {
  E2BIG: 'its start command is longer than a system takes',
  ERR_INVALID_ARG_VALUE: 'its start command holds a NUL',
};

/** The machine's fault, which passes, but for what the settings of the function made impossible for good. */
export function spawnRefusal(error: unknown): Outcome {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const fault = typeof code === 'string' ? BY_SETTINGS[code] : undefined;
  if (fault !== undefined) return initializationError(`The function cannot be started: ${fault}.`);
  return { kind: 'no-instance', reason: `no process could be started: ${String(message ?? error)}` };
}
