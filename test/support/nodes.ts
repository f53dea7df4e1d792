/** Several servers on one PostgreSQL database, each a process with a data folder of its own. */
import { randomUUID } from 'node:crypto';
import { type Environment } from './command.ts';
import { postgresAddress } from './postgres-address.ts';
import { type Server, startServer } from './server.ts';

export class Nodes {
  readonly #env: Environment;
  readonly servers: Server[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** One more. Resolves once it serves. */
  async add(env: Environment = {}): Promise<Server> {
    const server = await startServer({ env: { ...this.#env, ...env } });
    this.servers.push(server);
    return server;
  }

  /** The server in a place, from 0. */
  at(place: number): Server {
    const server = this.servers[place];
    if (server === undefined) throw new Error(`there is no node ${place}`);
    return server;
  }

  /** Ends the server in a place as an operator does, and starts another on its folder there. */
  async restart(place: number): Promise<Server> {
    const old = this.at(place);
    await old.stop();
    const server = await startServer({ env: this.#env, dataDir: old.dataDir });
    this.servers[place] = server;
    return server;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

/** All start at once, on an empty database. */
export async function startNodes(count: number, env: Environment = {}): Promise<Nodes> {
  const schema = `nodes_${randomUUID().slice(0, 8)}`;
  const nodes = new Nodes({ MEANWHILE_STORE: await postgresAddress(schema), ...env });
  await Promise.all(Array.from({ length: count }, () => nodes.add()));
  return nodes;
}
