/** What a bootstrap is called with: the event, the event that a request becomes, or the request for an HTTP handler. Pure. */
import { decodeHttpRequest } from '../../core/http-request.ts';
import { splitServiceFunction } from '../../core/names.ts';
import { eventPayload } from '../event-payload.ts';
import type { HttpCall } from '../framing/protocol.ts';
import { httpParams } from '../http-params.ts';
import type { InstanceSpec, Invocation } from '../runtime.ts';

export interface CallContent {
  readonly payload: Uint8Array;
  readonly http?: HttpCall;
}

/** Functions of 2.0 have HTTP handlers, those of 3.0 take the request as an event (ADR-0011). */
export function callContent(spec: InstanceSpec, invocation: Invocation): CallContent {
  const { payload, payloadForm } = invocation;
  const isOlder = splitServiceFunction(spec.functionName) !== undefined;
  if (payloadForm === 'event' || !isOlder) return { payload: eventPayload(spec, invocation) };
  const request = decodeHttpRequest(payload);
  return { payload: request.body, http: httpParams(request) };
}
