/** A few connections that calls take in turn. What waits for one is bounded, in number and in time. */
import { StoreUnavailable } from '../store.ts';
import type { Connector } from './connector.ts';
import type { Session } from './session.ts';

export interface SessionPoolOptions {
  /** What its calls do, as it is told when they are refused: `writes`, `reads`. */
  readonly purpose: string;
  readonly connector: Connector;
  readonly sizeMax: number;
  /** Calls that may wait for a connection. */
  readonly waitingMax: number;
  /** A statement that takes longer ends with its connection. */
  readonly callTimeoutMs: number;
  /** True: its calls are made to a server that may not be used, too: they are what finds out. Defaults to false. */
  readonly passesBar?: boolean;
}

type Waiter = PromiseWithResolvers<Session>;

export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #idle: Session[] = [];
  readonly #waiting: Waiter[] = [];
  /** Connections in use, being made, or idle. */
  #size = 0;
  /** Of connections that are given up: they hold up no call, only the end of the pool. */
  readonly #goodbyes = new Set<Promise<void>>();
  #closed = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#take();
    try {
      return await work(session);
    } finally {
      this.#giveBack(session);
    }
  }

  /** Resolves once every call is settled and every connection closed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const session of this.#idle.splice(0)) this.#drop(session);
    if (this.#size > 0) {
      this.#emptied ??= Promise.withResolvers();
      await this.#emptied.promise;
    }
    await Promise.all(this.#goodbyes);
  }

  async #take(): Promise<Session> {
    const { purpose, sizeMax, waitingMax, connector, passesBar = false } = this.#options;
    if (connector.barredBy !== '' && !passesBar) throw new StoreUnavailable(connector.barredBy);
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) return idle;
      this.#size -= 1;
    }
    if (this.#closed) throw new StoreUnavailable('the store is closed');
    if (this.#size < sizeMax) return await this.#open();
    if (this.#waiting.length >= waitingMax) {
      throw new StoreUnavailable(`the database is too slow: ${waitingMax} ${purpose} wait for it already`);
    }
    const waiter: Waiter = Promise.withResolvers();
    this.#waiting.push(waiter);
    return await waiter.promise;
  }

  async #open(): Promise<Session> {
    this.#size += 1;
    try {
      return await this.#options.connector.connect(this.#options.callTimeoutMs);
    } catch (error) {
      this.#size -= 1;
      // What keeps one from connecting keeps the others, too: none of them waits longer to hear it.
      for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
      this.#tellEmptied();
      throw error;
    }
  }

  #giveBack(session: Session): void {
    if (session.isUsable && this.#waiting.length > 0) {
      this.#waiting.shift()?.resolve(session);
      return;
    }
    if (session.isUsable && !this.#closed) {
      this.#idle.push(session);
      return;
    }
    this.#drop(session);
    // What broke one connection has broken the others that go the same way: each would cost a call its deadline.
    for (const idle of this.#idle.splice(0)) this.#drop(idle);
    this.#openForWaiting();
  }

  /** Its place is free at once: a goodbye may take long, and calls that came meanwhile must not wait for it. */
  #drop(session: Session): void {
    const goodbye = session.close().finally(() => this.#goodbyes.delete(goodbye));
    this.#goodbyes.add(goodbye);
    this.#size -= 1;
    this.#tellEmptied();
  }

  #openForWaiting(): void {
    while (this.#waiting.length > 0 && this.#size < this.#options.sizeMax) {
      const waiter = this.#waiting.shift();
      if (waiter !== undefined) this.#open().then(waiter.resolve, waiter.reject);
    }
  }

  #tellEmptied(): void {
    // A call that still waits is given the place of a connection that was dropped, and has to be settled first.
    if (this.#closed && this.#size === 0 && this.#waiting.length === 0) this.#emptied?.resolve();
  }
}
