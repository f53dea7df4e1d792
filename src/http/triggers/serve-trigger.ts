/** A request to an HTTP trigger, on its way: find → screen → let through → read → invoke → answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeHttpRequest } from '../../core/http-request.ts';
import { splitServiceFunction } from '../../core/names.ts';
import type { FoundTrigger } from '../../service/find-trigger.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { checkBody } from '../authentication/body-digest.ts';
import type { BodyBudget } from '../body-budget.ts';
import { goneSignal } from '../gone-signal.ts';
import { ClientGone, readBody } from '../read-body.ts';
import { refusalOf } from '../refusal-of.ts';
import type { Reply, RequestHeaders } from '../shared/call.ts';
import type { Dialect } from '../shared/dialect.ts';
import { errorReply } from '../shared/error-document.ts';
import { isAsync, payloadBytesMax } from '../shared/invocation-headers.ts';
import { withOwnName } from '../shared/own-name.ts';
import { type Addressed, findByHost, type Finder, letThrough } from './find-addressed.ts';
import { acceptRequest, runRequest } from './invoke-trigger.ts';
import type { TriggerAddress } from './trigger-address.ts';
import { functionRequest, screenTriggerRequest } from './trigger-request.ts';

export interface TriggerFront extends Finder {
  /** By the first segment of the path. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly fallback: Dialect;
  readonly budget: BodyBudget;
  readonly logger: Logger;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface Served {
  readonly reply: Reply;
  readonly requestId: string;
}

/**
 * Undefined when no trigger has the host name: the request is then for the API. A refusal is an answer like any other;
 * rejects with `ClientGone`, or with what the store could not do before it was known whose request it is.
 */
export async function serveTrigger(
  front: TriggerFront,
  exchange: Exchange,
  address: TriggerAddress,
): Promise<Served | undefined> {
  const { context, dialects, fallback, logger } = front;
  const found = await findByHost(front, address);
  if (found === undefined && address.by === 'host') return undefined;
  const functionName = address.by === 'path' ? address.functionName : (found?.key.functionName ?? '');
  // The function's own version of the API names errors and requests, whichever way it is called.
  const version = splitServiceFunction(functionName) === undefined ? '2023-03-30' : '2016-08-15';
  const dialect = dialects.get(version) ?? fallback;
  const requestId = dialect.newRequestId(context.now());
  try {
    return { requestId, reply: await serve(front, exchange, { address, found, requestId }) };
  } catch (error) {
    if (error instanceof ClientGone) throw error;
    const refusal = refusalOf(withOwnName(error, functionName), requestId, logger);
    // Function Compute's word for what is not the function's doing.
    const errorType = refusal.code === 'BadResponse' ? 'UnhandledInvocationError' : 'FcCommonError';
    const reply = errorReply(dialect.errors, refusal, requestId);
    return { requestId, reply: { ...reply, headers: { 'X-Fc-Error-Type': errorType } } };
  }
}

interface Wanted {
  readonly address: TriggerAddress;
  readonly found: FoundTrigger | undefined;
  readonly requestId: string;
}

async function serve(front: TriggerFront, exchange: Exchange, wanted: Wanted): Promise<Reply> {
  screenTriggerRequest(exchange.request);
  const addressed = await letThrough(front, exchange.request, wanted);
  return await invoke(front, exchange, { ...wanted, addressed });
}

async function invoke(
  { context, budget }: TriggerFront,
  { request, response }: Exchange,
  { address, addressed, requestId }: Wanted & { readonly addressed: Addressed },
): Promise<Reply> {
  const headers = request.headers as RequestHeaders;
  const bytesMax = payloadBytesMax(headers, context.settings);
  const body = await readBody(request, { bytesMax, budget });
  try {
    const { key, sender } = addressed;
    if (sender !== undefined) checkBody(body, sender.bodyDigest);
    const received = { address, body, receivedAtMs: context.now(), isSigned: sender !== undefined };
    const payload = encodeHttpRequest(functionRequest(request, received));
    const invocation = { addressed, caller: { account: key.account, requestId }, headers, payload };
    if (isAsync(headers)) return await acceptRequest(context, invocation);
    return await runRequest(context, invocation, { method: request.method ?? '', signal: goneSignal(response) });
  } finally {
    budget.giveBack(body.byteLength);
  }
}
