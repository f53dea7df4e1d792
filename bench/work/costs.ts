/** What a stretch of work cost, a task: read before, work, read again. */
import type { BackendCounts } from '../backends/backend.ts';
import type { Running } from '../contender.ts';
import { cpuSecondsOf, usageOf } from '../process/usage.ts';
import { writtenBytes } from '../process/written-bytes.ts';
import type { Measurement, Unit } from '../work.ts';

/** What was used until a moment. Members are missing where the system or the database does not count. */
interface Reading {
  readonly cpuSeconds: number | undefined;
  readonly submitterCpuSeconds: number | undefined;
  readonly databaseCpuSeconds: number | undefined;
  readonly writtenBytes: number | undefined;
  readonly counts: BackendCounts | undefined;
}

/** Call it at the start; what it resolves to, at the end. */
export async function watchCosts(running: Running): Promise<(tasks: number) => Promise<readonly Measurement[]>> {
  const before = await read(running);
  return async (tasks) => {
    const after = await read(running);
    const cost = (
      [metric, unit]: readonly [string, Unit],
      [of, scale]: readonly [(reading: Reading) => number | undefined, number],
    ): Measurement[] => {
      const [from, to] = [of(before), of(after)];
      return from === undefined || to === undefined ? [] : [{ metric, unit, value: ((to - from) * scale) / tasks }];
    };
    return [
      ...cost(['CPU per task', 'µs'], [({ cpuSeconds }) => cpuSeconds, 1e6]),
      ...cost(['CPU per task, submitter', 'µs'], [({ submitterCpuSeconds }) => submitterCpuSeconds, 1e6]),
      ...cost(['CPU per task, database', 'µs'], [({ databaseCpuSeconds }) => databaseCpuSeconds, 1e6]),
      ...cost(['written per task', 'bytes'], [(reading) => reading.writtenBytes, 1]),
      ...cost(['write-ahead log per task', 'bytes'], [({ counts }) => counts?.logBytes, 1]),
      ...cost(['writing transactions per task', 'count'], [({ counts }) => counts?.writingTransactions, 1]),
    ];
  };
}

async function read({ usage, database, submitterPids }: Running): Promise<Reading> {
  const counts = await database?.counts?.();
  const submitters = submitterPids.map(cpuSecondsOf);
  return {
    cpuSeconds: usage()?.cpuSeconds,
    submitterCpuSeconds: submitters.reduce(
      (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
      0,
    ),
    databaseCpuSeconds: database && usageOf([database.pid])?.cpuSeconds,
    writtenBytes: writtenBytes(),
    counts,
  };
}
