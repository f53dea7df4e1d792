/** GET /metrics: counters for Prometheus. Open for the same reasons as /healthz; they name functions, never payloads. */
import type { Operation } from '../shared/operation.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

export function metricsOperation(metrics: () => Promise<MetricsText>): Operation {
  return {
    name: 'GetMetrics',
    method: 'GET',
    path: '/metrics',
    bodyBytesMax: 0,
    async handle() {
      const { contentType, body } = await metrics();
      return { status: 200, headers: { 'Content-Type': contentType }, body: Buffer.from(body) };
    },
  };
}
