import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX, FRAME_PREFIX_BYTES, type Frame, FrameDecoder, frameStart, FramingError } from './frame.ts';

const frames = fc.array(
  fc.record({
    type: fc.nat(255),
    head: fc.string({ unit: 'binary', maxLength: 40 }),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);

function encode(list: readonly Frame[]): Buffer {
  return Buffer.concat(list.flatMap(({ type, head, payload }) => [frameStart(type, head, payload.length), payload]));
}

function decode(chunks: readonly Buffer[]): Frame[] {
  const decoder = new FrameDecoder();
  const found: Frame[] = [];
  for (const chunk of chunks) decoder.push(chunk, (frame) => found.push(frame));
  return found;
}

/** Cuts at every given place, in any order and repeated: chunks may be empty. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

describe('frames', () => {
  test('come out as they went in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(10_000), { maxLength: 30 }), (list, places) => {
        expect(decode(cut(encode(list), places))).toEqual(list);
      }),
    );
  });

  test('are not given before they are whole', () => {
    const whole = encode([{ type: 1, head: '{}', payload: Buffer.from('abc') }]);
    expect(decode([whole.subarray(0, -1)])).toEqual([]);
  });

  test('of the largest size pass', () => {
    const payload = Buffer.alloc(FRAME_BYTES_MAX - FRAME_PREFIX_BYTES);
    expect(decode([frameStart(2, '', payload.length), payload])[0]?.payload.length).toBe(payload.length);
  });

  test('that announce more than the largest size are refused from their first bytes', () => {
    expect(() => decode([frameStart(2, '', FRAME_BYTES_MAX)])).toThrow(FramingError);
  });

  test('whose head is longer than the frame are refused', () => {
    const bytes = frameStart(2, '', 10);
    bytes.writeUInt32BE(11, FRAME_PREFIX_BYTES - 4);
    expect(() => decode([bytes])).toThrow(FramingError);
  });

  test('of random bytes give frames, an error or a wait, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decode([Buffer.from(bytes)]);
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError);
        }
      }),
    );
  });
});
