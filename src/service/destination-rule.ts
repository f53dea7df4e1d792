/** What an asynchronous configuration may name as a destination. */
import { parseArn } from '../core/arn.ts';
import { invalidArgument } from '../core/errors.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Throws `InvalidArgument` that names the member. Whether the target exists is not asked, as in the real service: a
 * delivery that finds none fails and says so in the task's record.
 */
export function checkDestination(
  { destinations }: ServiceContext,
  account: string,
  { slot, destination }: { readonly slot: 'onSuccess' | 'onFailure'; readonly destination: string | null },
): void {
  if (destination === null) return;
  // Every dialect calls the member so.
  const member = `destinationConfig.${slot}.destination`;
  const arn = parseArn(destination);
  if (arn === undefined || !destinations.services.includes(arn.service)) {
    const kinds = destinations.services.map((service) => `acs:${service}:…`).join(' or ');
    throw invalidArgument(
      `${member} must be an ARN of a kind that can be delivered to here, ${kinds} (actual: '${destination}')`,
    );
  }
  const problem = destinations.check(arn, account);
  if (problem !== undefined) throw invalidArgument(`${member} ${problem} (actual: '${destination}')`);
}
