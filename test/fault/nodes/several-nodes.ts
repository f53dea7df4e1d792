/** Three servers over one PostgreSQL, under load, from their start to the comparison of the ledgers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Environment } from '../../support/command.ts';
import { PostgresCluster } from '../../support/postgres-cluster.ts';
import { makeSharedFile, makeSharedFolder } from '../../support/shared-folder.ts';
import { until } from '../../support/until.ts';
import { readLedger } from '../evidence/ledgers.ts';
import { deployLedger } from '../load/ledger-function.ts';
import { Load } from '../load/load.ts';
import { closeFolder, reachVerdict, type Verdict } from '../verdict.ts';
import { NodeUnderFault } from './node-under-fault.ts';

const NODES = 3;
/** The shortest that there is. */
const LEASE_SECONDS = 5;
export const LEASE_MS = LEASE_SECONDS * 1_000;
const RETRY_COUNT_MAX = 2;
/** Longer than a lease, and within the time limit of the function. */
const LONG_RUN_MS = 8_000;
/** As many as a node has instances. */
const LONG_RUNS = 3;
const INSTANCES_MAX = 3;
const AGAIN_MAX_MS = 120_000;

/** Of a round that did not come to its end. */
const UNFINISHED: Verdict = { broken: ['not brought to its end'], tasks: new Map(), lines: [] };

export interface SeveralNodesOptions {
  readonly random: SeededRandom;
  /** The second follows the first, by streaming replication. */
  readonly standby?: boolean;
  /** Further settings of PostgreSQL, as `name=value`. */
  readonly settings?: readonly string[];
  /** Further settings of the servers. */
  readonly env?: Environment;
}

export class SeveralNodes {
  readonly random: SeededRandom;
  readonly load: Load;
  readonly folder: string;
  readonly databases: PostgresCluster[] = [];
  readonly nodes: NodeUnderFault[] = [];
  #over = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(folder: string, random: SeededRandom) {
    this.folder = folder;
    this.random = random;
    this.load = new Load({ random, mayRefuse: true });
  }

  /** All of them serve, and tasks run. Whatever came of it, `close` ends what was begun. */
  static async begin(options: SeveralNodesOptions): Promise<SeveralNodes> {
    const rig = new SeveralNodes(await makeSharedFolder('meanwhile-fault-'), options.random);
    try {
      await rig.#begin(options);
      return rig;
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  async #begin({ standby = false, settings = [], env = {} }: SeveralNodesOptions): Promise<void> {
    await makeSharedFile(this.ledger);
    const database = await PostgresCluster.create();
    this.databases.push(database);
    if (standby) this.databases.push(await database.copy());
    await database.start(settings);
    const all = {
      MEANWHILE_LOG_LEVEL: 'warn',
      MEANWHILE_INSTANCES_MAX: String(INSTANCES_MAX),
      MEANWHILE_BACKLOG_MAX: '100',
      MEANWHILE_LEASE_SECONDS: String(LEASE_SECONDS),
      ...env,
    };
    const begun = await Promise.allSettled(
      Array.from({ length: NODES }, () => NodeUnderFault.begin(this.databases, all)),
    );
    for (const one of begun) if (one.status === 'fulfilled') this.nodes.push(one.value);
    for (const one of begun) if (one.status === 'rejected') throw one.reason;
    await deployLedger(this.at(0).server.host, { ledger: this.ledger, retryCountMax: RETRY_COUNT_MAX });
    const hosts = (): string[] => this.nodes.filter(({ isUp }) => isUp).map(({ server }) => server.host);
    this.#running = this.load.runOver(hosts, () => this.#over);
    await this.untilTasksRun();
  }

  get ledger(): string {
    return join(this.folder, 'ledger.jsonl');
  }

  at(place: number): NodeUnderFault {
    const node = this.nodes[place];
    if (node === undefined) throw new Error(`there is no node ${place}`);
    return node;
  }

  /** One of them, by chance. */
  any(): NodeUnderFault {
    return this.at(this.random.integer(0, NODES - 1));
  }

  /** Tasks that run on when the lease of their node has ended, unless they are kept from it. Resolves once they run. */
  async fillWithLongRuns(node: NodeUnderFault): Promise<void> {
    const { host } = node.server;
    const taskIds = await Promise.all(Array.from({ length: LONG_RUNS }, () => this.load.submitLong(host, LONG_RUN_MS)));
    await until(
      'the long runs have begun',
      () => {
        const begun = readLedger(this.ledger).filter(({ kind }) => kind === 'start');
        return taskIds.every((id) => begun.some(({ taskId }) => taskId === id));
      },
      AGAIN_MAX_MS,
    );
  }

  async untilTasksRun(): Promise<void> {
    const before = readLedger(this.ledger).length;
    await until('tasks run', () => readLedger(this.ledger).length > before + 20, AGAIN_MAX_MS);
  }

  /** Each of them, without having been started anew. */
  async untilAllServe(): Promise<void> {
    await Promise.all(
      this.nodes.map(async (node) => {
        await node.untilHealthy();
        await this.load.submitLong(node.server.host, 0);
      }),
    );
    await this.untilTasksRun();
  }

  /** Ends the load, and compares. */
  async verdict(rules: { readonly neverTwoAtOnce: boolean }): Promise<Verdict> {
    this.#over = true;
    await this.#running;
    const { load, ledger } = this;
    return await reachVerdict(this.any().server.host, {
      load,
      ledger,
      retryCountMax: RETRY_COUNT_MAX,
      // A node that is cut off hears of no stop, and may begin what it holds for as long as its lease is good.
      stopGraceMs: LEASE_MS + 1_000,
      ...rules,
    });
  }

  /** Unless the verdict is a clean one, the folder stays, with the evidence and what the servers logged. */
  async close(verdict: Verdict = UNFINISHED): Promise<void> {
    this.#over = true;
    const logs = this.nodes.map((node) => node.logs);
    try {
      await this.#running;
      await Promise.all(this.nodes.map((node) => node.end()));
    } finally {
      await Promise.all(this.databases.map((database) => database.remove()));
      for (const [place, log] of logs.entries()) await writeFile(join(this.folder, `node-${place}.log`), log);
      await closeFolder(this.folder, this.load, verdict);
    }
  }
}
