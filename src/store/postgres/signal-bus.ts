/**
 * Tells the other nodes what this one wrote, by NOTIFY on a channel of the schema, and hears what they tell. Both are
 * done on one connection of its own. Signals only hurry what a poll would find, so none is worth a commit: they are
 * sent after it, joined, and dropped when there is no connection. (A NOTIFY inside the writing transaction would also
 * put all commits of the server in line.)
 */
import type { Logger } from '../../telemetry/logger.ts';
import type { ChangedRecord, RecordKind, Signal } from '../store.ts';
import { arrayOf } from './array-text.ts';
import type { Connector } from './connector.ts';
import { messageOf } from './postgres-error.ts';
import type { Session } from './session.ts';
import type { Statement } from './statement.ts';

export interface SignalBusOptions {
  readonly connector: Connector;
  /** The channel. */
  readonly schema: string;
  readonly logger: Logger;
  readonly callTimeoutMs: number;
}

/** What came up since the last sending goes together. */
const SEND_EVERY_MS = 10;
const RECONNECT_AFTER_MS = 500;
/** The server takes less than 8,000 bytes. */
const PAYLOAD_BYTES_MAX = 7_900;
/** More at once are not worth telling one by one: who polls finds them. */
const PENDING_MAX = 10_000;

const NOTIFY: Statement = { name: 'notify', text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload' };

export class SignalBus {
  readonly #options: SignalBusOptions;
  readonly #listeners = new Set<(signal: Signal) => void>();
  /** By what joins them. */
  readonly #pending = new Map<string, Signal>();
  #session: Session | undefined;
  #sendTimer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SignalBusOptions) {
    this.#options = options;
  }

  /** Resolves once it hears, on this connection until that ends. */
  async open(session: Session): Promise<void> {
    const { schema, logger } = this.#options;
    session.onNotification((payload) => this.#hear(payload));
    await session.execute(`LISTEN ${schema}`);
    this.#session = session;
    void session.ended.then((reason) => {
      this.#session = undefined;
      if (this.#closed) return;
      logger.warn({ reason }, 'signals of other nodes are not heard until the database is reached again');
      this.#reconnectLater();
    });
  }

  listen(listener: (signal: Signal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(signal: Signal): void {
    if (this.#session === undefined || this.#pending.size >= PENDING_MAX) return;
    const key = keyOf(signal);
    const before = this.#pending.get(key);
    if (before?.kind === 'waiting' && signal.kind === 'waiting' && before.dueAtMs <= signal.dueAtMs) return;
    this.#pending.set(key, signal);
    this.#sendTimer ??= setTimeout(() => this.#sendPending(), SEND_EVERY_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sendTimer);
    clearTimeout(this.#reconnectTimer);
    await this.#session?.close();
  }

  #sendPending(): void {
    this.#sendTimer = undefined;
    const payloads = payloadsOf([...this.#pending.values()]);
    this.#pending.clear();
    this.#session?.query(NOTIFY, [this.#options.schema, arrayOf(payloads)]).catch((error: unknown) => {
      this.#options.logger.debug({ reason: messageOf(error) }, 'signals were not sent');
    });
  }

  #hear(payload: string): void {
    for (const signal of signalsIn(payload)) {
      for (const listener of [...this.#listeners]) listener(signal);
    }
  }

  async #reconnect(): Promise<void> {
    let session: Session | undefined;
    try {
      session = await this.#options.connector.connect(this.#options.callTimeoutMs);
      await this.open(session);
      if (this.#closed) await session.close();
    } catch {
      await session?.close();
      if (!this.#closed) this.#reconnectLater();
    }
  }

  #reconnectLater(): void {
    this.#reconnectTimer = setTimeout(() => {
      void this.#reconnect();
    }, RECONNECT_AFTER_MS);
  }
}

const KINDS: ReadonlySet<unknown> = new Set<Signal['kind']>(['waiting', 'stopping', 'records']);

/** What another program wrote to the channel is none, nor what a newer node tells that we cannot know. */
function signalsIn(payload: string): readonly Signal[] {
  try {
    return (JSON.parse(payload) as Signal[]).filter(({ kind }) => KINDS.has(kind));
  } catch {
    return [];
  }
}

function keyOf(signal: Signal): string {
  switch (signal.kind) {
    case 'waiting':
      return JSON.stringify([signal.kind, signal.account, signal.functionName]);
    case 'stopping':
      return JSON.stringify([signal.kind, signal.account, signal.functionName, signal.taskId, signal.fence]);
    case 'records':
      return JSON.stringify([signal.kind, signal.version]);
  }
}

/** As few texts as hold them. */
function payloadsOf(signals: readonly Signal[]): string[] {
  const payloads: string[] = [];
  let members: string[] = [];
  let bytes = 2;
  for (const signal of signals) {
    const member = textOf(signal);
    const size = Buffer.byteLength(member) + 1;
    if (bytes + size > PAYLOAD_BYTES_MAX && members.length > 0) {
      payloads.push(`[${members.join(',')}]`);
      members = [];
      bytes = 2;
    }
    members.push(member);
    bytes += size;
  }
  if (members.length > 0) payloads.push(`[${members.join(',')}]`);
  return payloads;
}

/** A signal too long for a notice stands for everything of its kinds: an empty path, which all lie below. */
function textOf(signal: Signal): string {
  const text = JSON.stringify(signal);
  if (signal.kind !== 'records' || Buffer.byteLength(text) < PAYLOAD_BYTES_MAX - 2) return text;
  const kinds = new Set<RecordKind>(signal.changed.map(({ kind }) => kind));
  const changed = [...kinds].map((kind): ChangedRecord => ({ kind, path: [] }));
  return JSON.stringify({ ...signal, changed } satisfies Signal);
}
