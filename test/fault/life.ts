/**
 * One data folder from its first start to the last check, with faults between: the load that runs against it, the two
 * ledgers, and the comparison of both with what the server says in the end.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeededRandom } from '../simulation/world/seeded-random.ts';
import type { Environment } from '../support/command.ts';
import { type Server, startServer } from '../support/server.ts';
import type { TaskView } from './evidence/ledgers.ts';
import { deployLedger } from './load/ledger-function.ts';
import { Load } from './load/load.ts';
import { closeFolder, reachVerdict, type Verdict } from './verdict.ts';

const RETRY_COUNT_MAX = 2;
export interface LifeOptions {
  readonly random: SeededRandom;
  readonly env?: Environment;
  readonly mayRefuse?: boolean;
  /** The server's clock is set back at times: then so are the times of histories. */
  readonly clockJumps?: boolean;
}

export class Life {
  /** Of everything that it writes. Removed by `end`, unless a promise was broken. */
  readonly folder: string;
  readonly load: Load;
  readonly #env: Environment;
  readonly #clockJumps: boolean;
  #deployed = false;

  private constructor(folder: string, { random, env = {}, mayRefuse = false, clockJumps = false }: LifeOptions) {
    this.folder = folder;
    this.#clockJumps = clockJumps;
    this.load = new Load({ random, mayRefuse });
    // Few instances, so that work has to wait, and a backlog that is soon done when the faults are over.
    this.#env = {
      MEANWHILE_LOG_LEVEL: 'warn',
      MEANWHILE_INSTANCES_MAX: '4',
      MEANWHILE_BACKLOG_MAX: '200',
      ...env,
    };
  }

  static async begin(options: LifeOptions): Promise<Life> {
    const folder = await mkdtemp(join(tmpdir(), 'meanwhile-fault-'));
    const life = new Life(folder, options);
    await writeFile(life.ledger, '');
    return life;
  }

  get ledger(): string {
    return join(this.folder, 'ledger.jsonl');
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  /** Rejects when the server ends before it is ready. */
  async start(env: Environment = {}, under: readonly string[] = []): Promise<Server> {
    return await startServer({ dataDir: this.dataDir, env: { ...this.#env, ...env }, under });
  }

  /** At the first server that lives long enough; later calls do nothing. */
  async deploy(server: Server): Promise<void> {
    if (this.#deployed) return;
    await deployLedger(server.host, { ledger: this.ledger, retryCountMax: RETRY_COUNT_MAX });
    this.#deployed = true;
  }

  /** Lets everything come to its end on a server without faults, and compares. */
  async end(env: Environment = {}): Promise<Verdict> {
    const server = await this.start(env);
    await this.deploy(server);
    const { load, ledger } = this;
    const rules = { retryCountMax: RETRY_COUNT_MAX, clockJumps: this.#clockJumps };
    const verdict = await reachVerdict(server.host, { load, ledger, ...rules });
    await server.stop();
    await closeFolder(this.folder, load, verdict);
    return verdict;
  }
}

/** Tasks that were claimed more than once: without any, nothing was under way when the fault came. */
export function claimedAgain(tasks: ReadonlyMap<string, TaskView>): number {
  const claims = ({ events }: TaskView): number => events.filter(({ status }) => status === 'Dequeued').length;
  return [...tasks.values()].filter((task) => claims(task) > 1 + task.alreadyRetriedTimes).length;
}
