'use strict';
/** What a result or an error of user code becomes on the wire. */

const RESULT_BYTES_MAX = 32 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
/** As the published runtime marks an error that escaped from the handler. */
const UNHANDLED = 'FunctionUnhandledError';

/** @throws TypeError or RangeError when there can be no such result */
function encodeResult(result) {
  const bytes = encode(result);
  if (bytes.length > RESULT_BYTES_MAX) {
    throw new RangeError(`The result has ${bytes.length} bytes; at most ${RESULT_BYTES_MAX} can be returned.`);
  }
  return bytes;
}

function encode(result) {
  if (result === null || result === undefined) return NOTHING;
  if (typeof result === 'string') return Buffer.from(result);
  if (ArrayBuffer.isView(result)) return Buffer.from(result.buffer, result.byteOffset, result.byteLength);
  return Buffer.from(toJson(result));
}

function toJson(result) {
  let json;
  try {
    json = JSON.stringify(result);
  } catch (error) {
    throw new TypeError(`The result cannot be written as JSON: ${error.message}`, { cause: error });
  }
  if (json === undefined) throw new TypeError(`The result cannot be written as JSON: it is a ${typeof result}.`);
  return json;
}

/** The document of `callback(error)`. */
function handledDocument(error) {
  if (error instanceof Error) return errorDocument(error, error.name);
  const message = Buffer.isBuffer(error) ? error.toString() : safely(() => encode(error).toString(), typeof error);
  return document({ errorMessage: message, errorType: 'FunctionHandledError' });
}

/** The document of what was thrown, rejected or not caught. */
function unhandledDocument(error) {
  if (error instanceof Error) return errorDocument(error, `${UNHANDLED}: ${error.name}`);
  return document({ errorMessage: safely(() => String(error), typeof error), errorType: UNHANDLED });
}

/** The document of an error that has its own type: the code cannot be loaded. */
function errorDocument(error, errorType) {
  return document({ errorMessage: error.message, errorType, stackTrace: safely(() => error.stack.split('\n'), []) });
}

/** User code can make anything throw, `toString` included. */
function safely(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function document(fields) {
  return Buffer.from(safely(() => JSON.stringify(fields), JSON.stringify({ errorMessage: '', errorType: UNHANDLED })));
}

module.exports = { encodeResult, handledDocument, unhandledDocument, errorDocument };
