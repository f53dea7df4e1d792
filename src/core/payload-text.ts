/** A payload as texts about its task show it: an event as it is, a request of an HTTP trigger as its `v1` event. */
import { httpEvent } from './http-event.ts';
import { decodeHttpRequest } from './http-request.ts';
import type { Task } from './task.ts';
import { shownText } from './utf8-text.ts';

export function payloadText({ account, requestId, payloadForm }: Task, payload: Uint8Array): string {
  if (payloadForm === 'event') return shownText(payload);
  return shownText(httpEvent(decodeHttpRequest(payload), { account, requestId }));
}
