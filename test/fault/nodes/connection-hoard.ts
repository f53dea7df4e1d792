/** Takes all connections that a PostgreSQL server allows, and keeps them. */
import { Client } from 'pg';

export class ConnectionHoard {
  readonly #url: string;
  readonly #clients: Client[] = [];
  #closed = false;
  #taking: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves once one is refused; what others give back is taken, too, until `close`. */
  async takeAll(): Promise<void> {
    while (await this.#take());
    this.#taking ??= this.#takeOn();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#taking;
    await Promise.all(this.#clients.map((client) => client.end()));
  }

  async #takeOn(): Promise<void> {
    while (!this.#closed) await this.#take();
  }

  /** False when it was refused. */
  async #take(): Promise<boolean> {
    const client = new Client(this.#url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      this.#clients.push(client);
      return true;
    } catch {
      return false;
    }
  }
}
