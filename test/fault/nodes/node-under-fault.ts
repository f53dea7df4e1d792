/** One of several servers, with its ways to the databases and what can be asked of it. */
import { DatabaseLink } from './database-link.ts';
import type { Environment } from '../../support/command.ts';
import type { PostgresCluster } from '../../support/postgres-cluster.ts';
import { type Server, startServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

/** Generous, for a machine that is busy with other things. */
const HEALTH_MAX_MS = 90_000;
const HEALTH_ANSWER_MAX_MS = 5_000;

export class NodeUnderFault {
  /** In the order of the databases. */
  readonly links: readonly DatabaseLink[];
  readonly #env: Environment;
  #server: Server | undefined;
  #logs = '';

  private constructor(links: readonly DatabaseLink[], env: Environment) {
    this.links = links;
    this.#env = env;
  }

  /** @param env with the address of the store but for its hosts: `postgres://user@*\/database` */
  static async begin(databases: readonly PostgresCluster[], env: Environment): Promise<NodeUnderFault> {
    const links = await Promise.all(databases.map(({ folder }) => DatabaseLink.open(folder)));
    const hosts = links.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const store = `postgres://meanwhile@${hosts}/postgres?sslmode=disable&target_session_attrs=read-write`;
    const node = new NodeUnderFault(links, { ...env, MEANWHILE_STORE: store });
    await node.start();
    return node;
  }

  /** On a folder of its own, or that of a server that is gone. */
  async start(dataDir?: string): Promise<void> {
    this.#server = await startServer({ env: this.#env, ...(dataDir !== undefined && { dataDir }) });
  }

  /** Throws when it does not run. */
  get server(): Server {
    if (this.#server === undefined) throw new Error('the node does not run');
    return this.#server;
  }

  get isUp(): boolean {
    return this.#server !== undefined;
  }

  /** SIGKILL. Gives its data folder. */
  async kill(): Promise<string> {
    const { server } = this;
    this.#server = undefined;
    await server.kill();
    this.#logs += server.logs;
    return server.dataDir;
  }

  /** Of all servers that it has been. */
  get logs(): string {
    return this.#logs + (this.#server?.logs ?? '');
  }

  /** A counter or gauge without labels; 0 while it is not told. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.server.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  }

  async untilHealthy(): Promise<void> {
    await until('the node is healthy', async () => (await this.#health()).status === 200, HEALTH_MAX_MS);
  }

  /** Gives its reason, which is like `saying`. */
  async untilUnhealthy(saying = /./, deadlineMs: number = HEALTH_MAX_MS): Promise<string> {
    return await until(
      'the node says that it is not healthy',
      async () => {
        const { status, text } = await this.#health();
        return status === 503 && saying.test(text) && text;
      },
      deadlineMs,
    );
  }

  async end(): Promise<void> {
    try {
      const server = this.#server;
      this.#server = undefined;
      await server?.stop();
      await server?.removeData();
    } finally {
      await Promise.all(this.links.map((link) => link.close()));
    }
  }

  async #health(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.server.url}/healthz`, { signal: AbortSignal.timeout(HEALTH_ANSWER_MAX_MS) });
    return { status: response.status, text: await response.text() };
  }
}
