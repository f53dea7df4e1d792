import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openLane } from './raw-client.ts';

const ANSWER = 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n';

test('a request on a connection that the server has closed fails, instead of waiting for an answer for ever', async () => {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(ANSWER));
    accepted.resolve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const lane = await openLane({ url: new URL(`http://127.0.0.1:${port}`), status: 202 });
  await lane.send(Buffer.from('one'));

  const socket = await accepted.promise;
  socket.destroy();
  await once(socket, 'close');
  // The other end learns of it in one of the next turns; whether it has when the request is sent must make no difference.
  await setImmediate();

  await expect(lane.send(Buffer.from('two'))).rejects.toThrow(/closed|reset|EPIPE/i);
});
