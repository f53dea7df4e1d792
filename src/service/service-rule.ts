/** What 3.0 may not do to a function of 2.0: its versions and aliases are its service's, and shared with its neighbours. */
import { invalidArgument } from '../core/errors.ts';
import { splitServiceFunction } from '../core/names.ts';

/** @param operation the one of 2.0 that does it for the whole service */
export function refuseForService(name: string, operation: string): void {
  const split = splitServiceFunction(name);
  if (split === undefined) return;
  throw invalidArgument(
    `versions and aliases of function '${name}' are those of its service '${split.serviceName}': use ${operation} of API version 2021-04-06 or 2016-08-15`,
  );
}
