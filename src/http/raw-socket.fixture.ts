/** Sends bytes that no HTTP client would, and reads one answer. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Resolves with what came until the server closed the connection; ask for that with `Connection: close`. */
export async function sendRaw(host: string, bytes: string | Uint8Array): Promise<RawAnswer> {
  return parse(await exchangeRaw(host, bytes));
}

/** The answer as it came. */
export async function exchangeRaw(host: string, bytes: string | Uint8Array): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(`http://${host}`);
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.split(': ')).map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') };
}

/** A request's bytes; the last header closes the connection. */
export function rawRequest(line: string, headers: readonly (readonly [string, string])[], body = ''): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${line}\r\n${lines}Connection: close\r\n\r\n${body}`;
}
