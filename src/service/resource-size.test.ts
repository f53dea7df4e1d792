import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCpu, cpuFor, memoryMbFor } from './resource-size.ts';

const memory = fc.integer({ min: 2, max: 512 }).map((steps) => steps * 64);
const cpu = fc.integer({ min: 1, max: 320 }).map((steps) => Number((steps * 0.05).toFixed(2)));

describe('memory and CPU', () => {
  it('fit when one is derived from the other', () => {
    fc.assert(
      fc.property(memory, (memoryMb) => {
        expect(() => checkCpu(cpuFor(memoryMb), memoryMb)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(
        cpu.filter((value) => value <= 16),
        (given) => {
          expect(memoryMbFor(given) % 64).toBe(0);
          expect(() => checkCpu(given, memoryMbFor(given))).not.toThrow();
        },
      ),
    );
  });

  it.each([
    [0.5, 512],
    [0.5, 2048],
    [0.35, 512],
    [0.05, 128],
    [16, 32_768],
  ])('may be %f and %i MB', (given, memoryMb) => {
    expect(() => checkCpu(given, memoryMb)).not.toThrow();
  });

  it.each([
    [0.5, 448],
    [0.5, 2112],
    [0.15, 128],
  ])('may not be %f and %i MB', (given, memoryMb) => {
    expect(() => checkCpu(given, memoryMb)).toThrow(/from 1:1 to 1:4/);
  });
});
