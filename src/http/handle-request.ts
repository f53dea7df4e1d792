/** A request's way, in one place: screen → detect → authenticate → read → run → answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FcError } from '../core/errors.ts';
import { splitTarget } from '../core/http-request.ts';
import type { Caller, ServiceContext } from '../service/service-context.ts';
import type { Logger } from '../telemetry/logger.ts';
import { authenticate, type Authentication, operationRules } from './authentication/authenticate.ts';
import { type BodyDigest, checkBody } from './authentication/body-digest.ts';
import type { BodyBudget } from './body-budget.ts';
import { discardBody } from './discard-body.ts';
import { ClientGone, readBody } from './read-body.ts';
import { refusalOf } from './refusal-of.ts';
import { RequestCall } from './request-call.ts';
import { screen, type ScreenedRequest } from './screen.ts';
import type { Reply } from './shared/call.ts';
import type { Dialect } from './shared/dialect.ts';
import { errorReply } from './shared/error-document.ts';
import type { Operation } from './shared/operation.ts';
import type { Route, Router } from './shared/router.ts';
import { serveTrigger } from './triggers/serve-trigger.ts';
import { triggerAddress } from './triggers/trigger-address.ts';
import { writeReply } from './write-reply.ts';

export interface Front {
  readonly context: ServiceContext;
  /** By the first segment of the path. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** Names errors and ids where the path leads to no dialect. */
  readonly fallback: Dialect;
  /** What is served without a signature. */
  readonly open: Router;
  readonly authentication: Authentication;
  /** The same for what takes ACS3 alone. */
  readonly acs3Authentication: Authentication;
  readonly budget: BodyBudget;
  readonly logger: Logger;
  /** True once the server closes: each answer ends its connection then. */
  readonly closing: () => boolean;
  /** Told the status of each answer. */
  readonly answered: (status: number) => void;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What Node already found that the request may not ask for; it is told like every other refusal. */
  readonly refusal?: FcError;
}

/** Answers one request. Never rejects. */
export async function handleRequest(front: Front, exchange: Exchange): Promise<void> {
  const { request, response, refusal } = exchange;
  let dialect = front.fallback;
  let requestId = '';
  let reply: Reply;
  try {
    if (refusal !== undefined) throw refusal;
    const address = triggerAddress(request);
    const served = address && (await serveTrigger(front, exchange, address));
    if (served === undefined) {
      const screened = screen(request);
      dialect = front.dialects.get(screened.segments[0] ?? '') ?? front.fallback;
      requestId = dialect.newRequestId(front.context.now());
      reply = await answer(front, exchange, { screened, dialect, requestId });
    } else {
      ({ reply, requestId } = served);
    }
  } catch (error) {
    if (error instanceof ClientGone) return;
    if (requestId === '') {
      dialect = dialectOf(front, request.url ?? '');
      requestId = dialect.newRequestId(front.context.now());
    }
    reply = errorReply(dialect.errors, refusalOf(error, requestId, front.logger), requestId);
  }
  if (response.destroyed) return;
  writeReply(response, reply, { requestId, close: front.closing() });
  front.answered(reply.status);
  // Without the query: a signature may be in it.
  const { path } = splitTarget(request.url ?? '');
  front.logger.debug({ requestId, method: request.method, path, status: reply.status }, 'answered');
  discardBody(request);
}

/** Of a request that was refused before it was read: by what its path says as it stands. */
function dialectOf({ dialects, fallback }: Front, url: string): Dialect {
  const [, version = ''] = /^\/+([^/?]+)/.exec(url) ?? [];
  return dialects.get(version) ?? fallback;
}

interface Detected {
  readonly screened: ScreenedRequest;
  readonly dialect: Dialect;
  readonly requestId: string;
}

async function answer(front: Front, exchange: Exchange, { screened, dialect, requestId }: Detected): Promise<Reply> {
  const { method, segments } = screened;
  // Whoever sends traffic here may ask by HEAD whether it is well; Node leaves the body away.
  const open = front.open.find(method === 'HEAD' ? 'GET' : method, segments);
  if (open !== undefined) return run(front, exchange, { screened, route: open, sender: nobody(requestId) });
  if (dialect === front.fallback && segments[0] !== dialect.version) throw pathNotSupported(screened);

  const route = dialect.router.find(method, segments);
  const { pair, bodyDigest } = await authenticate(
    screened,
    operationRules(dialect.version),
    dialect.acs3Only === true ? front.acs3Authentication : front.authentication,
  );
  // After the signature: a stranger is told nothing of what is served under a version.
  if (route === undefined) throw pathNotSupported(screened);
  const { operatorOnly = false } = route.operation;
  if (operatorOnly && !pair.operator)
    throw new FcError('AccessDenied', 'AccessDenied: only a key pair of the operator may do this');

  const reply = await run(front, exchange, {
    screened,
    route,
    sender: { account: pair.account, requestId, bodyDigest },
  });
  // What only operators may do changes key pairs; the next request must see it.
  if (operatorOnly) front.authentication.keys.forget();
  return reply;
}

interface Sending extends Caller {
  readonly bodyDigest: BodyDigest;
}

/** The sender of an unsigned request: an account that owns nothing. */
function nobody(requestId: string): Sending {
  return { account: '', requestId, bodyDigest: { kind: 'none' } };
}

interface Run {
  readonly screened: ScreenedRequest;
  readonly route: Route;
  readonly sender: Sending;
}

async function run(front: Front, { request, response }: Exchange, { screened, route, sender }: Run): Promise<Reply> {
  const { context, budget } = front;
  const { query, headers } = screened;
  checkEncoding(headers['content-encoding']);
  const body = await readBody(request, { bytesMax: bytesMaxOf(front, screened, route.operation), budget });
  try {
    checkBody(body, sender.bodyDigest);
    const caller: Caller = { account: sender.account, requestId: sender.requestId };
    const call = new RequestCall({ context, caller, path: route.parameters, query, headers, body, response });
    return await route.operation.handle(call);
  } finally {
    budget.giveBack(body.byteLength);
  }
}

function bytesMaxOf({ context }: Front, { headers }: ScreenedRequest, { bodyBytesMax }: Operation): number {
  return typeof bodyBytesMax === 'number' ? bodyBytesMax : bodyBytesMax(headers, context.settings);
}

/** A body is taken as it is; a function would be handed bytes that it cannot read. */
function checkEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  throw new FcError('UnsupportedMediaType', 'a request body may have no content-encoding; send it as it is');
}

function pathNotSupported({ path, method }: ScreenedRequest): FcError {
  return new FcError('PathNotSupported', `'${path}' against '${method}' is not supported`);
}
