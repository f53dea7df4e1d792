/** How the server's own process is doing, read when somebody scrapes. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricRegistry } from './metric-registry.ts';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const RESOLUTION_MS = 10;

/** Starts to watch the event loop; the result reads all of it into the registry. */
export function watchProcess({ counters, gauges }: MetricRegistry): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let cpuSeconds = 0;
  return () => {
    gauges.residentMemory.set(process.memoryUsage.rss());

    const { user, system } = process.cpuUsage();
    const nowSeconds = (user + system) / MICROSECONDS;
    counters.cpu.inc(nowSeconds - cpuSeconds);
    cpuSeconds = nowSeconds;

    // What is measured is the time between two ticks of a timer, so the timer's own interval comes off.
    const delaySeconds = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000);
    gauges.eventLoopDelay.set({ quantile: '0.5' }, delaySeconds(delays.percentile(50)));
    gauges.eventLoopDelay.set({ quantile: '0.99' }, delaySeconds(delays.percentile(99)));
    gauges.eventLoopDelay.set({ quantile: '1' }, delaySeconds(delays.max));
    delays.reset();
  };
}
