/** What happens to the database while all nodes go on. They must find back to it by themselves. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ending } from '../../support/postgres-cluster.ts';
import type { Bite, FaultKind } from './fault-kind.ts';
import { ConnectionHoard } from './connection-hoard.ts';
import type { SeveralNodes } from './several-nodes.ts';

const AWAY_MAX_MS = 3_000;
/** So long what is committed does not reach the standby before the primary is lost. */
const BEHIND_MS = 700;
/** A look at the database comes every two seconds. */
const REFUSED_MAX_MS = 20_000;
const SLOW_MS = 150;
/** More than a renewal of a lease may take. */
const TOO_SLOW_MS = 5_000;

export const restarted: FaultKind = { name: 'restarted', inflict: (rig) => restart(rig, 'fast') };
export const crashed: FaultKind = { name: 'crashed', inflict: (rig) => restart(rig, 'immediate') };

async function restart(rig: SeveralNodes, how: Ending): Promise<Bite> {
  const database = rig.database(0);
  await database.end(how);
  await delay(rig.random.integer(0, AWAY_MAX_MS));
  await rig.startDatabase();
  return { broken: [] };
}

/** The primary is lost and its synchronous standby promoted; then the old primary comes back, and takes writes. */
export const failedOver: FaultKind = {
  name: 'failed over',
  needs: { standby: true },
  inflict: async (rig) => {
    rig.replication.set('swallow');
    await delay(BEHIND_MS);
    await rig.database(0).end('immediate');
    await rig.database(1).query('SELECT pg_promote()');
    await rig.untilTasksRun();
    await rig.database(0).start();
    // Nothing is left to the nodes now but the old one.
    for (const { links } of rig.nodes) links[1]?.set('refuse');
    const refusals = rig.nodes.map((node) => node.untilUnhealthy(/it is behind what was seen/, REFUSED_MAX_MS));
    const settled = await Promise.allSettled(refusals);
    for (const { links } of rig.nodes) links[1]?.set('pass');
    const accepted = settled.filter(({ status }) => status === 'rejected').length;
    return { broken: accepted === 0 ? [] : [`${accepted} nodes do not say that the old primary is behind`] };
  },
};

export const readOnly: FaultKind = {
  name: 'read-only',
  inflict: async (rig) => {
    const set = async (change: string): Promise<void> => {
      await rig.database(0).query(`ALTER SYSTEM ${change}`);
      await rig.database(0).query('SELECT pg_reload_conf()');
    };
    await set('SET default_transaction_read_only = on');
    await Promise.all(rig.nodes.map((node) => node.untilUnhealthy()));
    await delay(rig.random.integer(0, AWAY_MAX_MS));
    await set('RESET default_transaction_read_only');
    return { broken: [] };
  },
};

/** Slow at first, so that everything only takes longer; then slower than a lease allows. */
export const slow: FaultKind = {
  name: 'slow',
  inflict: async (rig) => {
    const links = rig.nodes.flatMap((node) => node.links);
    for (const link of links) link.delayMs = SLOW_MS;
    await rig.untilTasksRun();
    for (const link of links) link.delayMs = TOO_SLOW_MS;
    await Promise.all(rig.nodes.map((node) => node.untilUnhealthy()));
    for (const link of links) link.delayMs = 0;
    return { broken: [] };
  },
};

/** Others have all connections that the server allows. */
export const exhausted: FaultKind = {
  name: 'exhausted',
  needs: { settings: ['max_connections=60'] },
  inflict: async (rig) => {
    const hoard = new ConnectionHoard(rig.database(0).url);
    try {
      await hoard.takeAll();
      for (const { links } of rig.nodes) for (const link of links) link.reset();
      await hoard.takeAll();
      await Promise.all(rig.nodes.map((node) => node.untilUnhealthy(/too many clients|lease/)));
      await delay(rig.random.integer(0, AWAY_MAX_MS));
      return { broken: [] };
    } finally {
      await hoard.close();
    }
  },
};
