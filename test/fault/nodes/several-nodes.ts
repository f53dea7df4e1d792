/** Three servers over one PostgreSQL, under load, from their start to the comparison of the ledgers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeededRandom } from '../../simulation/world/seeded-random.ts';
import type { Environment } from '../../support/command.ts';
import { PostgresCluster } from '../../support/postgres-cluster.ts';
import { descendantsOf } from '../../support/processes.ts';
import { makeSharedFile, makeSharedFolder } from '../../support/shared-folder.ts';
import { until } from '../../support/until.ts';
import { type LedgerLine, readLedger } from '../evidence/ledgers.ts';
import { deployLedger } from '../load/ledger-function.ts';
import { Load } from '../load/load.ts';
import { closeFolder, reachVerdict, type Verdict } from '../verdict.ts';
import { DatabaseLink } from './database-link.ts';
import { NodeUnderFault } from './node-under-fault.ts';

const NODES = 3;
/** The shortest that there is. */
const LEASE_SECONDS = 5;
export const LEASE_MS = LEASE_SECONDS * 1_000;
const RETRY_COUNT_MAX = 2;
const STANDBY = 'standby';
/** Beyond the rescue of what a lost node ran, on a busy machine, too; within the time limit of the function. */
const LONG_RUN_DEFAULT_MS = 12_000;
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
  /** False: commits do not wait for the standby. Defaults to true. */
  readonly synchronous?: boolean;
  /** How long the runs take that outlive a lease. Defaults to 12,000. */
  readonly longRunMs?: number;
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
  readonly #longRunMs: number;
  #settings: readonly string[] = [];
  #replication: DatabaseLink | undefined;
  #over = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(folder: string, { random, longRunMs = LONG_RUN_DEFAULT_MS }: SeveralNodesOptions) {
    this.#longRunMs = longRunMs;
    this.folder = folder;
    this.random = random;
    this.load = new Load({ random, mayRefuse: true });
  }

  /** All of them serve, and tasks run. Whatever came of it, `close` ends what was begun. */
  static async begin(options: SeveralNodesOptions): Promise<SeveralNodes> {
    const rig = new SeveralNodes(await makeSharedFolder('meanwhile-fault-'), options);
    try {
      await rig.#begin(options);
      return rig;
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  async #begin({ standby = false, synchronous = true, settings = [], env = {} }: SeveralNodesOptions): Promise<void> {
    await makeSharedFile(this.ledger);
    const database = await PostgresCluster.create();
    this.databases.push(database);
    this.#settings = standby && synchronous ? [`synchronous_standby_names=${STANDBY}`, ...settings] : settings;
    if (standby) await this.#addStandby(database);
    await this.startDatabase();
    await this.databases[1]?.start();
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

  async #addStandby(primary: PostgresCluster): Promise<void> {
    const standby = await primary.copy();
    this.databases.push(standby);
    this.#replication = await DatabaseLink.open(primary.folder);
    await standby.follow(
      `host=127.0.0.1 port=${this.#replication.port} user=meanwhile application_name=${STANDBY} sslmode=disable`,
    );
  }

  /** The first one, as it was started before. */
  async startDatabase(): Promise<void> {
    await this.database(0).start(this.#settings);
  }

  database(place: number): PostgresCluster {
    const database = this.databases[place];
    if (database === undefined) throw new Error(`there is no database ${place}`);
    return database;
  }

  /** The way of the standby to the primary. */
  get replication(): DatabaseLink {
    if (this.#replication === undefined) throw new Error('there is no standby');
    return this.#replication;
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

  /**
   * The node that runs tasks which would go on when its lease has ended, were they not kept from it. Any node may have
   * taken what another one accepted: the processes tell.
   */
  async findBusyNode(): Promise<{ readonly node: NodeUnderFault; readonly taskIds: readonly string[] }> {
    const { host } = this.any().server;
    const submitted = await Promise.all(
      Array.from({ length: LONG_RUNS }, () => this.load.submitLong(host, this.#longRunMs)),
    );
    await until('the long runs have begun', () => submitted.every((id) => this.#starts(id).length > 0), AGAIN_MAX_MS);
    const runners = this.nodes.map((node) => {
      const pids = new Set(descendantsOf(node.server.pid).map(({ pid }) => pid));
      return { node, taskIds: submitted.filter((id) => this.#starts(id).some(({ pid }) => pids.has(pid))) };
    });
    const [busiest] = runners.toSorted((a, b) => b.taskIds.length - a.taskIds.length);
    if (busiest === undefined || busiest.taskIds.length === 0) throw new Error('no node runs the long tasks');
    return busiest;
  }

  /** For tasks of a node that is lost. */
  async untilRunAgain(taskIds: readonly string[]): Promise<void> {
    await until('they run again', () => taskIds.every((id) => this.#starts(id).length > 1), AGAIN_MAX_MS);
  }

  #starts(id: string): readonly LedgerLine[] {
    return readLedger(this.ledger).filter(({ kind, taskId }) => kind === 'start' && taskId === id);
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
      await this.#replication?.close();
      await Promise.all(this.databases.map((database) => database.remove()));
      for (const [place, log] of logs.entries()) await writeFile(join(this.folder, `node-${place}.log`), log);
      await closeFolder(this.folder, this.load, verdict);
    }
  }
}
