/** GET /healthz: whether this server takes work, for whatever restarts it or sends it traffic. */
import type { Operation } from '../shared/operation.ts';

export interface Health {
  readonly ok: boolean;
  /** Sentences for an operator; empty when all is well. */
  readonly reasons: readonly string[];
}

/**
 * 200 `{"status":"ok"}` or 503 `{"status":"unhealthy","reasons":[…]}`.
 *
 * Open to all, and without a check of the Host header against DNS rebinding: a page that reaches it through a visitor's
 * browser learns that a server is there, and nothing here acts on cookies or changes anything.
 */
export function healthOperation(health: () => Health): Operation {
  return {
    name: 'GetHealth',
    method: 'GET',
    path: '/healthz',
    bodyBytesMax: 0,
    async handle() {
      const { ok, reasons } = health();
      return ok ? { status: 200, json: { status: 'ok' } } : { status: 503, json: { status: 'unhealthy', reasons } };
    },
  };
}
