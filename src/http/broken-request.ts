/** Answers what Node's parser refuses: there is no request object, only a socket and the parser's complaint. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FcError } from '../core/errors.ts';
import { ADMIN_ERRORS } from './admin/errors.ts';
import { errorReply } from './shared/error-document.ts';

const STATUS_OF_FAULT: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const MESSAGE_OF_STATUS: Readonly<Record<number, string>> = {
  408: 'the request came too slowly',
  413: 'the chunk extensions of the body are too long',
  431: 'the headers are too long',
};

/** A JSON error like every other, because the SDKs throw an unreadable SyntaxError on an empty one. Ends the connection. */
export function answerBrokenRequest(socket: Socket, fault: NodeJS.ErrnoException, requestId: string): void {
  if (!socket.writable || fault.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_FAULT[fault.code ?? ''] ?? 400;
  const error = new FcError('InvalidArgument', MESSAGE_OF_STATUS[status] ?? 'the request is not valid HTTP/1.1');
  const body = JSON.stringify(errorReply(ADMIN_ERRORS, error, requestId).json);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `X-Fc-Request-Id: ${requestId}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
