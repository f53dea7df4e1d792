/** Signed requests by hand, for what the SDK cannot send and for what it does not show of an answer. */
import { exchange, type RawResponse, requestBytes } from './raw-http.ts';
import type { KeyPair } from './server.ts';
import { type Header, type Signing, signedHeaders } from './sign-request.ts';

export type Tamper = (headers: readonly Header[]) => readonly Header[];

export interface RawCall {
  /** Default GET. */
  readonly method?: string;
  readonly target: string;
  /** Text is sent as UTF-8; default none. */
  readonly body?: Uint8Array | string;
  readonly headers?: readonly Header[];
  readonly signing?: Signing;
  /** The headers of the signed request, as they are to go out. */
  readonly tamper?: Tamper;
  /** Sent instead of `body`, which is what was signed. */
  readonly sentBody?: Uint8Array | string;
}

const asSigned: Tamper = (headers) => headers;

export type Observer = (call: RawCall, response: RawResponse) => void;

export class RawClient {
  readonly host: string;
  readonly #keyPair: KeyPair | undefined;
  readonly #observe: Observer;

  constructor(target: { readonly host: string; readonly keyPair?: KeyPair }, observe: Observer = () => undefined) {
    this.host = target.host;
    this.#keyPair = target.keyPair;
    this.#observe = observe;
  }

  async send(call: RawCall): Promise<RawResponse> {
    const { method = 'GET', target, tamper = asSigned } = call;
    const body = Buffer.from(call.body ?? '');
    const signing = { ...(this.#keyPair && { keyPair: this.#keyPair }), ...call.signing };
    const headers = signedHeaders({ method, target, host: this.host, body, headers: call.headers ?? [] }, signing);
    const sent = call.sentBody === undefined ? body : Buffer.from(call.sentBody);
    const response = await exchange(this.host, requestBytes({ method, target, headers: tamper(headers), body: sent }));
    this.#observe(call, response);
    return response;
  }

  /** A JSON body under its content type. */
  async sendJson(method: string, target: string, body: unknown): Promise<RawResponse> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return await this.send({ method, target, body: text, headers: [['content-type', 'application/json']] });
  }

  /** Without a signature, as a browser or a probe asks. */
  async sendUnsigned(method: string, target: string): Promise<RawResponse> {
    const headers: readonly Header[] = [['host', this.host]];
    return await exchange(this.host, requestBytes({ method, target, headers, body: Buffer.alloc(0) }));
  }
}

export interface WireError {
  readonly status: number;
  readonly code: unknown;
  readonly message: string;
}

/** The error of an answer; throws unless it is one that every SDK can read. */
export function wireError({ status, headers, body }: RawResponse): WireError {
  const text = body.toString('utf8');
  if (status < 400) throw new Error(`not an error: ${status} ${text}`);
  if (headers['content-type'] !== 'application/json') throw new Error(`not JSON: ${headers['content-type']}`);
  const { Code, Message, RequestId, ErrorCode, ErrorMessage } = JSON.parse(text) as Record<string, unknown>;
  const isReadable = Code === ErrorCode && Message === ErrorMessage && RequestId === headers['x-fc-request-id'];
  if (!isReadable || typeof RequestId !== 'string') throw new Error(`not an error that every SDK reads: ${text}`);
  return { status, code: Code, message: String(Message) };
}

export function jsonOf({ body }: RawResponse): Record<string, unknown> {
  return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
}
