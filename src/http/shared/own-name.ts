/** What a refusal calls a function of 2.0. */
import { FcError } from '../../core/errors.ts';
import { splitServiceFunction } from '../../core/names.ts';

/**
 * The error with the name that a caller of 2.0 wrote, who never saw `service$function`: so the rest of the server, which
 * makes the messages, needs not know which version asks.
 */
export function withOwnName(error: unknown, functionName: string): unknown {
  const own = splitServiceFunction(functionName)?.functionName;
  if (own === undefined || !(error instanceof FcError) || !error.message.includes(functionName)) return error;
  return new FcError(error.code, error.message.replaceAll(functionName, own), { cause: error });
}
