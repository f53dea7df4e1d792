/** What an isolation does not give, in sentences that anybody may read. Pure. */
import type { Tier } from './isolation.ts';

export interface IsolationFacts {
  readonly tier: Tier;
  /** Whether each instance has a user of its own. */
  readonly ownUsers: boolean;
  readonly diesWithServer: boolean;
  /** Whether the kernel counts the memory and the processes of each. */
  readonly cgroups: boolean;
}

export function gapsOf(facts: IsolationFacts): readonly string[] {
  const gaps = facts.tier === 'bubblewrap' ? [] : processGaps(facts);
  if (!facts.cgroups) {
    gaps.push(
      'there are no cgroups: memory is looked at four times a second, so that an instance may go over its limit',
    );
  }
  return gaps;
}

function processGaps({ cgroups, diesWithServer, ownUsers }: IsolationFacts): string[] {
  const gaps = ['instances see the files that everybody on this machine may read, and its list of processes'];
  if (!ownUsers)
    gaps.push('instances run as the user of the server: they can read its data, end each other and leave files');
  if (!ownUsers && !cgroups) gaps.push('the number of processes that an instance starts is not limited');
  if (!diesWithServer) {
    gaps.push('setpriv is missing: an instance stuck in a loop outlives a kill -9 of the server until its next start');
  }
  return gaps;
}
