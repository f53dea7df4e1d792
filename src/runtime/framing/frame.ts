/**
 * The frames that the server and an instance exchange on their control pipe:
 *
 *     u32 length of all that follows | u8 type | u32 headBytes | head (UTF-8 JSON, or nothing) | payload
 *
 * Numbers are big-endian. The payload is raw bytes, so that an event of 32 MiB costs no encoding.
 */
import { MIB } from '../../core/limits.ts';

/** An event or a result of 32 MiB, with room for its head. */
export const FRAME_BYTES_MAX = 32 * MIB + 64 * 1024;

/** Length, type and headBytes. */
export const FRAME_PREFIX_BYTES = 9;
const LENGTH_BYTES = 4;

export interface Frame {
  readonly type: number;
  /** JSON text; empty when the type needs none. */
  readonly head: string;
  readonly payload: Buffer;
}

/** What came in breaks the framing; nothing after it can be understood. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Everything of a frame but its payload, which follows it on the pipe as it is. */
export function frameStart(type: number, head: string, payloadBytes: number): Buffer {
  const headBytes = Buffer.byteLength(head);
  const start = Buffer.allocUnsafe(FRAME_PREFIX_BYTES + headBytes);
  start.writeUInt32BE(FRAME_PREFIX_BYTES - LENGTH_BYTES + headBytes + payloadBytes, 0);
  start.writeUInt8(type, LENGTH_BYTES);
  start.writeUInt32BE(headBytes, LENGTH_BYTES + 1);
  start.write(head, FRAME_PREFIX_BYTES);
  return start;
}

/** Finds the frames in a stream of chunks. Holds at most one unfinished frame. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that make the next step possible: a prefix, then the frame it announces. */
  #neededBytes = FRAME_PREFIX_BYTES;

  /**
   * Calls back for each frame that the chunk completes.
   *
   * @throws FramingError when a length is impossible; the decoder is of no use after it
   */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    // Joined only when something can be read, so that a large frame in small chunks is copied once.
    if (this.#heldBytes < this.#neededBytes) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#heldBytes);
    for (;;) {
      this.#neededBytes = rest.length < FRAME_PREFIX_BYTES ? FRAME_PREFIX_BYTES : frameBytes(rest);
      if (rest.length < this.#neededBytes) break;
      onFrame(readFrame(rest.subarray(0, this.#neededBytes)));
      rest = rest.subarray(this.#neededBytes);
    }
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest.length;
  }
}

function frameBytes(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length > FRAME_BYTES_MAX) throw new FramingError(`a frame of ${length} bytes`);
  const headBytes = bytes.readUInt32BE(LENGTH_BYTES + 1);
  if (length < FRAME_PREFIX_BYTES - LENGTH_BYTES + headBytes) throw new FramingError('a head longer than its frame');
  return LENGTH_BYTES + length;
}

function readFrame(bytes: Buffer): Frame {
  const headEnd = FRAME_PREFIX_BYTES + bytes.readUInt32BE(LENGTH_BYTES + 1);
  return {
    type: bytes.readUInt8(LENGTH_BYTES),
    head: bytes.toString('utf8', FRAME_PREFIX_BYTES, headEnd),
    payload: bytes.subarray(headEnd),
  };
}
