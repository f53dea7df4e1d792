/** Nonces are answered from memory; what is new reaches the database a moment later, with other writes. */
import type { Logger } from '../../telemetry/logger.ts';
import { generationOf, NonceWindow, oldestGeneration } from '../nonce-window.ts';
import type { Nonces, NonceUse } from '../store.ts';
import { messageOf } from './sqlite-error.ts';
import type { StoreLinks } from './task-calls.ts';
import type { LoadedNonces, WriteOperations } from './thread-protocol.ts';

/** What a crash may forget. Shorter costs a server that only answers reads more commits. */
const SAVE_AFTER_MS = 250;

export interface NonceCallsOptions {
  readonly links: StoreLinks;
  readonly logger: Logger;
  readonly noncesMax: number | undefined;
}

export class NonceCalls implements Nonces {
  readonly #options: NonceCallsOptions;
  readonly #window: NonceWindow;
  /** By generation. */
  readonly #unsaved = new Map<number, bigint[]>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #nowMs = 0;

  constructor(options: NonceCallsOptions) {
    this.#options = options;
    this.#window = new NonceWindow(options.noncesMax);
  }

  load(batches: readonly LoadedNonces[]): void {
    for (const batch of batches) this.#window.load(batch);
  }

  useNonce: Nonces['useNonce'] = async (use: NonceUse, nowMs: number) => {
    const answer = this.#window.use(use, nowMs);
    if (answer === 'first') this.#remember(use, nowMs);
    return answer;
  };

  /** Saves what is new. Resolves once it is durable. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#save();
    await this.#saving;
  }

  #remember({ digest, expiresAtMs }: NonceUse, nowMs: number): void {
    const generation = generationOf(expiresAtMs);
    const digests = this.#unsaved.get(generation);
    if (digests === undefined) this.#unsaved.set(generation, [digest]);
    else digests.push(digest);
    this.#nowMs = nowMs;
    this.#timer ??= setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  #save(): void {
    this.#timer = undefined;
    if (this.#unsaved.size === 0) return;
    const unsaved = [...this.#unsaved];
    this.#unsaved.clear();
    const { links, logger } = this.#options;
    this.#saving = links.writer
      .call(
        'saveNonces',
        (bytes): WriteOperations['saveNonces'][0] => ({
          batches: unsaved.map(([generation, digests]) => [generation, bytes.add(packed(digests))]),
          oldestGeneration: oldestGeneration(this.#nowMs),
        }),
        () => undefined,
      )
      .catch((error: unknown) => {
        // They stay in memory: only a restart within their half hour could miss them.
        logger.warn({ error: messageOf(error) }, 'nonces could not be saved');
      });
  }
}

function packed(digests: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * digests.length));
  for (const [index, digest] of digests.entries()) view.setBigUint64(8 * index, digest, true);
  return new Uint8Array(view.buffer);
}
