'use strict';
/** Counts what user code writes to its standard streams, so that the server knows how much to wait for. */

/** The counter of `process[name]`; the stream itself is made only when somebody asks for it, as ever. */
function countWrites(name) {
  const counter = { bytes: 0 };
  const open = Object.getOwnPropertyDescriptor(process, name).get;
  let stream;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      stream ??= counted(open.call(process), counter);
      return stream;
    },
  });
  return counter;
}

function counted(stream, counter) {
  const write = stream.write;
  stream.write = function (chunk, encoding, callback) {
    if (typeof chunk === 'string') counter.bytes += Buffer.byteLength(chunk, toEncoding(encoding));
    else if (ArrayBuffer.isView(chunk)) counter.bytes += chunk.byteLength;
    return write.call(this, chunk, encoding, callback);
  };
  return stream;
}

function toEncoding(encoding) {
  return typeof encoding === 'string' ? encoding : 'utf8';
}

module.exports = { countWrites };
