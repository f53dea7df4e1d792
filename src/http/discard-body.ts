/** What becomes of a body that was refused before its end. */
import type { IncomingMessage } from 'node:http';
import { MIB } from '../core/limits.ts';

const DISCARDED_BYTES_MAX = 256 * MIB;
const DISCARD_TIMEOUT_MS = 10_000;

/**
 * Reads on and drops what comes: a client that is still sending when the connection is reset sees the reset and never
 * the answer that says why. One that does not come to an end within the bounds is cut off.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), DISCARD_TIMEOUT_MS);
  request.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    if (bytes > DISCARDED_BYTES_MAX) request.destroy();
  });
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
