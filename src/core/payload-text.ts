/** A payload as texts about its task show it: an event as it is, a request of an HTTP trigger as its `v1` event. */
import { httpEvent } from './http-event.ts';
import { decodeHttpRequest } from './http-request.ts';
import type { Task } from './task.ts';

/** A byte order mark is part of the payload. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function payloadText({ account, requestId, payloadForm }: Task, payload: Uint8Array): string {
  if (payloadForm === 'event') return decoder.decode(payload);
  return decoder.decode(httpEvent(decodeHttpRequest(payload), { account, requestId }));
}
