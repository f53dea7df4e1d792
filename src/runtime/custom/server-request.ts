/** What the program of an instance is called with: the event, or a request of an HTTP trigger as it came. Pure. */
import { decodeHttpRequest, type HeaderLine, type HttpRequest } from '../../core/http-request.ts';
import { splitServiceFunction } from '../../core/names.ts';
import { eventPayload } from '../event-payload.ts';
import { httpParams } from '../http-params.ts';
import type { InstanceSpec, Invocation } from '../runtime.ts';
import type { ServerCallHead } from './request-headers.ts';
import type { ServerCall } from './server-call.ts';
import { type AnswerKind, HTTP_PARAMS } from './server-outcome.ts';

export type ServerContent = Pick<ServerCall, 'method' | 'path' | 'headers' | 'body'>;

export interface InvocationContent extends ServerContent {
  readonly controlPath: ServerCallHead['controlPath'];
  readonly answer: AnswerKind;
}

/** An event is bytes, whatever they are. */
export const OCTETS = { 'content-type': 'application/octet-stream' } as const;
const EVENT_CALL = { method: 'POST', path: '/invoke', controlPath: '/invoke', headers: OCTETS } as const;

/** @param takesRequests whether the program is a server; one that asks for events gets a request as it would from Function Compute */
export function serverRequest(spec: InstanceSpec, invocation: Invocation, takesRequests: boolean): InvocationContent {
  const { payload, payloadForm } = invocation;
  const isOlder = splitServiceFunction(spec.functionName) !== undefined;
  if (payloadForm === 'event' || (!takesRequests && !isOlder)) {
    return { ...EVENT_CALL, body: eventPayload(spec, invocation), answer: 'result' };
  }
  const request = decodeHttpRequest(payload);
  if (takesRequests) return passedOn(request);
  const params = Buffer.from(JSON.stringify(httpParams(request))).toString('base64');
  return { ...EVENT_CALL, headers: { ...OCTETS, [HTTP_PARAMS]: params }, body: request.body, answer: 'params' };
}

function passedOn({ method, target, headers, basePath, clientIp, body }: HttpRequest): InvocationContent {
  const own = { 'x-fc-base-path': basePath, 'x-fc-client-ip': clientIp };
  return {
    method,
    path: target,
    controlPath: '/http-invoke',
    headers: { ...gathered(headers), ...own },
    body,
    answer: 'response',
  };
}

/** In the casing of the first of each name. */
function gathered(lines: readonly HeaderLine[]): ServerCall['headers'] {
  const names = new Map<string, string>();
  const values = new Map<string, string[]>();
  for (const [name, value] of lines) {
    const first = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), first);
    values.set(first, [...(values.get(first) ?? []), value]);
  }
  // Node takes the host as a text alone.
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}
