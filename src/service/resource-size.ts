/** Memory and CPU of an instance, which Function Compute ties together: 1 to 4 GB for each vCPU. */
import { invalidArgument } from '../core/errors.ts';

/** No default is documented for 3.0; this is its smallest size and the default of the older API. */
const MEMORY_MB_DEFAULT = 128;
const MEMORY_MB_STEP = 64;
const CPU_STEP = 0.05;
const MB_PER_GB = 1024;
const GB_PER_CPU_MIN = 1;
const GB_PER_CPU_MAX = 4;
/** Of what binary fractions make of multiples of 0.05. */
const TOLERANCE = 1e-6;

/** The memory of a function that was given a CPU alone, or neither. */
export function memoryMbFor(cpu: number | undefined): number {
  if (cpu === undefined) return MEMORY_MB_DEFAULT;
  const steps = Math.ceil((cpu * GB_PER_CPU_MIN * MB_PER_GB) / MEMORY_MB_STEP - TOLERANCE);
  return Math.max(MEMORY_MB_DEFAULT, steps * MEMORY_MB_STEP);
}

/** The CPU of a function that was given none: the least that its memory allows. */
export function cpuFor(memoryMb: number): number {
  const steps = Math.ceil(memoryMb / MB_PER_GB / GB_PER_CPU_MAX / CPU_STEP - TOLERANCE);
  return Number((Math.max(1, steps) * CPU_STEP).toFixed(2));
}

/** Throws `InvalidArgument` when the two do not fit. */
export function checkCpu(cpu: number, memoryMb: number): void {
  const gbPerCpu = memoryMb / MB_PER_GB / cpu;
  if (gbPerCpu >= GB_PER_CPU_MIN - TOLERANCE && gbPerCpu <= GB_PER_CPU_MAX + TOLERANCE) return;
  throw invalidArgument(
    `cpu to memorySize (in GB) must be from 1:${GB_PER_CPU_MIN} to 1:${GB_PER_CPU_MAX} (actual: cpu ${cpu}, memorySize ${memoryMb} MB)`,
  );
}
