/** HTTP by hand: any bytes go out, and what comes back is shown as it came. */
import { connect } from 'node:net';
import type { Header } from './sign-request.ts';

const ANSWER_TIMEOUT_MS = 20_000;

export interface RawResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** In the casing of the wire. */
  readonly headerNames: readonly string[];
  readonly body: Buffer;
}

/** Sends bytes on a connection of their own and reads the one answer, until the server closes or the answer is whole. */
export async function exchange(host: string, request: Uint8Array | string): Promise<RawResponse> {
  const { hostname, port } = new URL(`http://${host}`);
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(request));
    const finish = (): void => {
      try {
        const response = parseResponse(Buffer.concat(chunks));
        if (response === undefined) return;
        socket.destroy();
        resolve(response);
      } catch (error) {
        socket.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no whole answer came')));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      finish();
    });
    // A server that refuses a long body early may reset the connection behind its answer.
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the connection closed after ${Buffer.concat(chunks).length} bytes`)));
  });
}

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** The bytes of a request; a length is stated unless the headers frame the body themselves. */
export function requestBytes({ method, target, headers, body }: RawRequest): Buffer {
  const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(framed || (method === 'GET' && body.length === 0) ? [] : [`content-length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Undefined while something is missing. */
function parseResponse(bytes: Buffer): RawResponse | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const pairs = lines.map(
    (line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const,
  );
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  const status = Number(statusLine.split(' ')[1]);
  const lengthBytes = status === 204 || status === 304 ? 0 : Number(headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(lengthBytes)) throw new Error(`the answer states no length: ${bytes.toString('latin1')}`);
  const body = bytes.subarray(end + 4);
  if (body.length < lengthBytes) return undefined;
  return { status, headers, headerNames: pairs.map(([name]) => name), body };
}
