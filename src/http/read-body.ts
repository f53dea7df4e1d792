/** Reads a request's body whole: the signature covers its hash, so no operation may see a part of it. */
import type { IncomingMessage } from 'node:http';
import { FcError } from '../core/errors.ts';
import { KIB } from '../core/limits.ts';
import type { BodyBudget } from './body-budget.ts';
import { type Deadline, deadlines } from './deadlines.ts';

/** A body may take a minute, and what its bound needs at the slowest rate that is waited for. */
const BODY_TIMEOUT_MS = 60_000;
const SLOWEST_BYTES_PER_MS = (256 * KIB) / 1000;

const EMPTY = new Uint8Array();

/** The client went away before it was answered; there is nobody to tell. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export interface BodyLimits {
  readonly bytesMax: number;
  readonly budget: BodyBudget;
}

/** What the body takes of the budget, byte for byte, is the caller's to give back. A failure, thrown or rejected with, holds nothing. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> | Uint8Array {
  const declared = request.headers['content-length'];
  if (declared === undefined) {
    if (request.headers['transfer-encoding'] === undefined) return EMPTY;
  } else {
    if (Number(declared) === 0) return EMPTY;
    if (Number(declared) > limits.bytesMax) throw tooLarge(limits.bytesMax);
  }
  return new BodyReader(request, limits).whole;
}

class BodyReader implements Deadline {
  readonly whole: Promise<Uint8Array>;
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly dueAtMs: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #resolve: (body: Uint8Array) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
    this.whole = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.dueAtMs = performance.now() + BODY_TIMEOUT_MS + limits.bytesMax / SLOWEST_BYTES_PER_MS;
    deadlines.add(this);
    request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    try {
      if (this.#bytes + chunk.byteLength > this.#limits.bytesMax) throw tooLarge(this.#limits.bytesMax);
      this.#limits.budget.take(chunk.byteLength);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#bytes += chunk.byteLength;
    this.#chunks.push(chunk);
  };

  readonly #onEnd = (): void => {
    this.#settle();
    const [only] = this.#chunks;
    const single = this.#chunks.length === 1 && only !== undefined;
    this.#resolve(single ? only : Buffer.concat(this.#chunks, this.#bytes));
  };

  readonly #onClose = (): void => {
    this.#fail(new ClientGone('the connection closed before the body was complete'));
  };

  expire(): void {
    this.#fail(new FcError('InvalidArgument', 'the request body came too slowly'));
  }

  #fail(error: unknown): void {
    this.#settle();
    this.#limits.budget.giveBack(this.#bytes);
    this.#reject(error);
  }

  #settle(): void {
    deadlines.delete(this);
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
  }
}

function tooLarge(bytesMax: number): FcError {
  return new FcError('EntityTooLarge', `payload size exceeds maximum allowed size (${bytesMax} bytes)`);
}
