/** The list of metrics as prom-client's objects, in a registry of their own. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Counters, Histograms } from './function-series.ts';
import { METRIC_LIST, type MetricEntry } from './metric-list.ts';

type GaugeKey = {
  [Key in keyof typeof METRIC_LIST]: (typeof METRIC_LIST)[Key]['type'] extends 'gauge' ? Key : never;
}[keyof typeof METRIC_LIST];

export interface MetricRegistry {
  readonly registry: Registry;
  readonly counters: Counters;
  readonly histograms: Histograms;
  readonly gauges: Readonly<Record<GaugeKey, Gauge>>;
}

export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  return {
    registry,
    counters: build('counter', (options) => new Counter({ ...options, registers: [registry] })) as Counters,
    gauges: build('gauge', (options) => new Gauge({ ...options, registers: [registry] })) as MetricRegistry['gauges'],
    histograms: build(
      'histogram',
      ({ buckets, ...options }) => new Histogram({ ...options, buckets: [...buckets], registers: [registry] }),
    ) as Histograms,
  };
}

interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly buckets: readonly number[];
}

function build<Made>(type: MetricEntry['type'], make: (options: MetricOptions) => Made): Record<string, Made> {
  const entries = Object.entries<MetricEntry>(METRIC_LIST).filter(([, entry]) => entry.type === type);
  return Object.fromEntries(entries.map(([key, entry]) => [key, make(optionsOf(entry))]));
}

function optionsOf({ name, changes, labels, buckets = [] }: MetricEntry): MetricOptions {
  return { name, help: `${changes}.`, labelNames: [...labels], buckets };
}
