'use strict';
/**
 * The child's end of the control pipe. Reads arrive by the event loop; writes are synchronous, so that a line logged
 * just before an endless loop or a crash is not lost, and nothing can overtake anything.
 */
const fs = require('node:fs');
const net = require('node:net');

const CONTROL_FD = 3;
const PREFIX_BYTES = 9;
const LENGTH_BYTES = 4;
const READ_BUFFER_BYTES = 64 * 1024;
const FULL_PIPE_PAUSE_MS = 1;

const pauseCell = new Int32Array(new SharedArrayBuffer(4));

/** Calls `onFrame(type, head, payload)` for each frame, and `onEnd` when the server is gone. Gives the socket. */
function openPipe(onFrame, onEnd) {
  let chunks = [];
  let heldBytes = 0;
  let neededBytes = PREFIX_BYTES;

  function take(chunk) {
    chunks.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < neededBytes) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, heldBytes);
    for (;;) {
      neededBytes = rest.length < PREFIX_BYTES ? PREFIX_BYTES : LENGTH_BYTES + rest.readUInt32BE(0);
      if (rest.length < neededBytes) break;
      deliver(rest.subarray(0, neededBytes));
      rest = rest.subarray(neededBytes);
    }
    chunks = rest.length === 0 ? [] : [rest];
    heldBytes = rest.length;
  }

  function deliver(frame) {
    const headEnd = PREFIX_BYTES + frame.readUInt32BE(LENGTH_BYTES + 1);
    const head = frame.toString('utf8', PREFIX_BYTES, headEnd);
    onFrame(frame.readUInt8(LENGTH_BYTES), head, frame.subarray(headEnd));
  }

  const socket = new net.Socket({
    fd: CONTROL_FD,
    readable: true,
    writable: true,
    // One buffer for all reads instead of a stream's own; what is kept of it is copied.
    onread: {
      buffer: Buffer.allocUnsafe(READ_BUFFER_BYTES),
      callback(bytes, buffer) {
        take(Buffer.from(buffer.subarray(0, bytes)));
        return true;
      },
    },
  });
  socket.on('end', onEnd).on('close', onEnd).on('error', onEnd).resume();
  return socket;
}

function sendFrame(type, head, payload) {
  const headBytes = Buffer.byteLength(head);
  const start = Buffer.allocUnsafe(PREFIX_BYTES + headBytes);
  start.writeUInt32BE(PREFIX_BYTES - LENGTH_BYTES + headBytes + payload.length, 0);
  start.writeUInt8(type, LENGTH_BYTES);
  start.writeUInt32BE(headBytes, LENGTH_BYTES + 1);
  start.write(head, PREFIX_BYTES);
  if (payload.length <= READ_BUFFER_BYTES) {
    writeFully(payload.length === 0 ? start : Buffer.concat([start, payload]));
    return;
  }
  writeFully(start);
  writeFully(payload);
}

function writeFully(bytes) {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += fs.writeSync(CONTROL_FD, bytes, written);
    } catch (error) {
      // The socket does not block for the event loop's sake, so a full one is waited for here.
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pauseCell, 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}

module.exports = { openPipe, sendFrame };
