/** Puts an answer on the wire. */
import type { ServerResponse } from 'node:http';
import type { Reply } from './shared/call.ts';

export interface ReplyEnvelope {
  readonly requestId: string;
  /** Ends the connection after the answer. */
  readonly close: boolean;
}

/** Header names in the casing of the real service: one SDK looks for the literal `X-Fc-Request-Id`. */
export function writeReply(response: ServerResponse, reply: Reply, envelope: ReplyEnvelope): void {
  const body = reply.json === undefined ? (reply.body ?? null) : JSON.stringify(reply.json);
  const headers = ['X-Fc-Request-Id', envelope.requestId];
  if (reply.json !== undefined) headers.push('Content-Type', 'application/json');
  if (reply.headers !== undefined) {
    for (const [name, value] of Object.entries(reply.headers)) headers.push(name, value);
  }
  for (const [name, value] of reply.headerLines ?? []) headers.push(name, value);
  const bodyBytes = body === null ? 0 : Buffer.byteLength(body);
  // Every answer that has a length says it, or Node would frame an empty one as chunks.
  if (hasLength(response.req.method, reply, bodyBytes)) headers.push('Content-Length', String(bodyBytes));
  if (envelope.close) headers.push('Connection', 'close');
  response.writeHead(reply.status, headers);
  if (body === null) response.end();
  else response.end(body);
}

/**
 * A 204 has no length. That of a 304, and of the answer to a HEAD, is the length of what is not sent: it comes with the
 * answer or is not known, and a client that is told 0 takes what it has cached for empty.
 */
function hasLength(method: string | undefined, { status, headerLines = [] }: Reply, bodyBytes: number): boolean {
  if (status === 204 || status === 304) return false;
  if (method === 'HEAD' && bodyBytes === 0) return false;
  return !headerLines.some(([name]) => name.toLowerCase() === 'content-length');
}
