/** The way of one node to one PostgreSQL server, with the faults that a network has. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `refuse`: each connection is reset. `swallow`: half-open, nothing that is sent arrives, and nobody is told. */
export type LinkMode = 'pass' | 'refuse' | 'swallow';

export class DatabaseLink {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #listener = createServer((near) => this.#join(near));
  readonly #folder: string;
  #mode: LinkMode = 'pass';
  /** Of each piece of bytes, either way. */
  delayMs = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder of the server's socket */
  static async open(folder: string): Promise<DatabaseLink> {
    const link = new DatabaseLink(folder);
    link.#listener.listen(0, '127.0.0.1');
    await once(link.#listener, 'listening');
    return link;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** What was swallowed does not arrive later: connections that missed something are reset with the next change. */
  set(mode: LinkMode): void {
    if (mode === 'refuse' || this.#mode === 'swallow') this.reset();
    this.#mode = mode;
  }

  /** Ends every connection at once. New ones are let through as the mode says. */
  reset(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  async close(): Promise<void> {
    this.set('refuse');
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(near: Socket): void {
    if (this.#mode === 'refuse') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(join(this.#folder, '.s.PGSQL.5432'));
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    this.#forward(near, far);
    this.#forward(far, near);
    near.once('close', () => this.#pairs.delete(pair));
  }

  #forward(from: Socket, to: Socket): void {
    let waiting = 0;
    let last = Promise.resolve();
    from.on('data', (chunk) => {
      if (this.#mode === 'swallow') return;
      if (this.delayMs === 0 && waiting === 0) {
        to.write(chunk);
        return;
      }
      waiting += 1;
      const due = delay(this.delayMs);
      // In their order, also when the delay has changed meanwhile.
      last = last
        .then(() => due)
        .then(() => {
          waiting -= 1;
          if (!to.destroyed) to.write(chunk);
        });
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
