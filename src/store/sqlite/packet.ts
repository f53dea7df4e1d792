/**
 * One message between threads: all that is text or number as one JSON text, all bytes in one buffer that is handed over
 * without a copy. A structured clone of the same objects costs several times as much as the JSON of flat rows.
 */

/** Where bytes lie in the buffer of their packet: offset and length. */
export type BytesRef = readonly [offset: number, length: number];

export interface Packet {
  /** JSON. */
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class PacketBytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get byteLength(): number {
    return this.#length;
  }

  /** The bytes must stay as they are until `pack`. */
  add(bytes: Uint8Array): BytesRef {
    const ref = [this.#length, bytes.byteLength] as const;
    this.#parts.push(bytes);
    this.#length += bytes.byteLength;
    return ref;
  }

  pack(content: unknown): Packet {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.byteLength;
    }
    return { text: JSON.stringify(content), bytes };
  }
}

/** A view; valid as long as the packet. */
export function bytesAt(packet: Packet, [offset, length]: BytesRef): Uint8Array {
  return packet.bytes.subarray(offset, offset + length);
}
