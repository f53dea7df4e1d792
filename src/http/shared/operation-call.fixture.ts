/** Calls operations as the server does, without a socket. */
import { invariant } from '../../core/invariant.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { Reply } from './call.ts';
import type { Operation } from './operation.ts';
import { Query } from './query.ts';

export interface CallParts {
  readonly path?: Readonly<Record<string, string>>;
  /** As on the wire, without the question mark. */
  readonly query?: string;
  readonly json?: unknown;
}

export type CallOperation = (name: string, parts?: CallParts) => Promise<Reply>;

/** By operation name. Rejects as the operation does. */
export function caller(operations: readonly Operation[], context: ServiceContext, account: string): CallOperation {
  return async (name, { path = {}, query = '', json } = {}) => {
    const operation = operations.find((candidate) => candidate.name === name);
    invariant(operation !== undefined, `${name} is an operation`);
    const body = json === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(json));
    const reply = await operation.handle({
      context,
      caller: { account, requestId: 'request-1' },
      path,
      query: Query.parse(query),
      headers: {},
      body,
      signal: new AbortController().signal,
      baseUrl: 'http://127.0.0.1:8383',
    });
    // As it travels: members that are undefined are not sent.
    return reply.json === undefined ? reply : { ...reply, json: JSON.parse(JSON.stringify(reply.json)) as unknown };
  };
}
