/** docs/metrics.md, from the list of metrics. */
import { FUNCTION_SERIES_MAX } from '../../src/telemetry/function-series.ts';
import { METRIC_LIST, type MetricEntry } from '../../src/telemetry/metric-list.ts';

export function metricsPage(): string {
  const entries = Object.values<MetricEntry>(METRIC_LIST);
  return `# Metrics

\`GET /metrics\` answers in the Prometheus text format, without a signature. This is the whole list. Names follow those that
Function Compute shows in CloudMonitor, where it has one.

Series are bounded: the first ${FUNCTION_SERIES_MAX.toLocaleString('en-US')} functions since the start have their own, all others share one whose \`account\` and
\`function_name\` are \`other\`. Counters begin at 0 with each start of the server.

| metric | type | unit | labels | in Function Compute | changes when |
|---|---|---|---|---|---|
${entries.map(row).join('\n')}
`;
}

function row({ name, type, unit, labels, fcName, changes }: MetricEntry): string {
  const labelNames = labels.map((label) => `\`${label}\``).join(', ') || '–';
  return `| \`${name}\` | ${type} | ${unit} | ${labelNames} | ${fcName ?? '–'} | ${changes} |`;
}
