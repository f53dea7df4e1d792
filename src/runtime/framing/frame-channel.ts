/** The server's end of a control pipe: frames out, frames in, and the first thing that is wrong with them. */
import type { Duplex } from 'node:stream';
import { type Frame, FrameDecoder, frameStart } from './frame.ts';

export interface FrameListener {
  onFrame(frame: Frame): void;
  /** The stream broke the framing; nothing more will come. */
  onBroken(reason: string): void;
}

/** A frame of up to this size is copied into one write; a larger payload is worth a write of its own. */
const COPIED_PAYLOAD_BYTES = 16 * 1024;

export class FrameChannel {
  readonly #stream: Duplex;

  constructor(stream: Duplex, listener: FrameListener) {
    this.#stream = stream;
    const decoder = new FrameDecoder();
    const take = (chunk: Buffer): void => {
      try {
        decoder.push(chunk, (frame) => listener.onFrame(frame));
      } catch (error) {
        stream.off('data', take);
        stream.resume();
        listener.onBroken(error instanceof Error ? error.message : String(error));
      }
    };
    stream.on('data', take);
  }

  send(type: number, head: object, payload: Uint8Array): void {
    const start = frameStart(type, JSON.stringify(head), payload.byteLength);
    if (payload.byteLength <= COPIED_PAYLOAD_BYTES) {
      this.#stream.write(payload.byteLength === 0 ? start : Buffer.concat([start, payload]));
      return;
    }
    this.#stream.write(start);
    this.#stream.write(payload);
  }
}
