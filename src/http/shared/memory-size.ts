/** `memorySize` of a function, in MB. */
import type { Fields } from './fields.ts';

const MEMORY_MB_STEP = 64;

/** Undefined when it is not given. */
export function decodeMemorySize(fields: Fields): number | undefined {
  const memoryMb = fields.integer('memorySize', { min: 128, max: 32_768 });
  if (memoryMb !== undefined && memoryMb % MEMORY_MB_STEP !== 0) {
    throw fields.refusal('memorySize', `a multiple of ${MEMORY_MB_STEP}`);
  }
  return memoryMb;
}
