'use strict';
/**
 * Runs in the private network of an instance: carries connections from a socket file, which the server can open, to the
 * port of the instance, which it cannot. Arguments: the file and the port. Listens once the port answers.
 */
const net = require('node:net');

const [, , socketPath, port] = process.argv;
const LOOK_AGAIN_MS = 10;

const server = net.createServer({ allowHalfOpen: true }, (outer) => {
  const inner = net.connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
  const drop = () => {
    inner.destroy();
    outer.destroy();
  };
  for (const socket of [inner, outer]) socket.once('error', drop);
  // A half that broke off must not look like one that ended.
  inner.once('close', () => outer.destroy());
  outer.once('close', () => inner.destroy());
  outer.pipe(inner).pipe(outer);
});

lookForPort();

function lookForPort() {
  const probe = net.connect({ host: '127.0.0.1', port: Number(port) });
  probe.once('connect', () => {
    probe.destroy();
    server.listen(socketPath);
  });
  probe.once('error', () => setTimeout(lookForPort, LOOK_AGAIN_MS));
}
