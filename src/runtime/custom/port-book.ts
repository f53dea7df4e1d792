/** Which ports the instances of this server listen on: one each, since they share the machine's network. */
import { createServer } from 'node:net';

export class PortBook {
  readonly #taken = new Set<number>();

  /** The port that the code was written for when it is free, else any other. Rejects when the machine has none. */
  async take(preferred: number): Promise<number> {
    for (const candidate of [preferred, 0, 0, 0]) {
      const port = this.#taken.has(candidate) ? undefined : await freePort(candidate);
      if (port === undefined || this.#taken.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
    throw new Error('no free port');
  }

  /** To be called when nothing of the instance lives any more. */
  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}

/** The port itself, or any for 0; undefined when it is in use or not ours to take. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '0.0.0.0', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
