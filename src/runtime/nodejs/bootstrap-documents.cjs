'use strict';
/** What a result or an error of user code becomes on the wire. */
const { isNativeError } = require('node:util/types');

const RESULT_BYTES_MAX = 32 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
/** Of each text of an error whose document would be larger than a result may be. */
const TEXT_KEPT_LENGTH = 64 * 1024;
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
  return isError(error)
    ? errorDocument(error, error.name)
    : document({ errorMessage: messageOf(error), errorType: 'FunctionHandledError' });
}

/** The document of what was thrown, rejected or not caught. */
function unhandledDocument(error) {
  return isError(error)
    ? errorDocument(error, `${UNHANDLED}: ${error.name}`)
    : document({ errorMessage: messageOf(error), errorType: UNHANDLED });
}

/** The document of an error that has its own type: the code cannot be loaded. */
function errorDocument(error, errorType) {
  return document({ errorMessage: error.message, errorType, stackTrace: safely(() => error.stack.split('\n'), []) });
}

/** One of another context (`node:vm`) is of another class. */
function isError(error) {
  return error instanceof Error || isNativeError(error);
}

/** Of what is no error, as a result of that kind would be written. */
function messageOf(thrown) {
  const isObject = typeof thrown === 'object' && thrown !== null;
  return safely(() => (isObject ? encode(thrown).toString() : String(thrown)), typeof thrown);
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
  const whole = Buffer.from(
    safely(() => JSON.stringify(fields), JSON.stringify({ errorMessage: '', errorType: UNHANDLED })),
  );
  return whole.length <= RESULT_BYTES_MAX ? whole : Buffer.from(JSON.stringify(shortened(fields)));
}

/** A document that is too large would break the protocol, and with it the instance. The stack says the message again. */
function shortened({ errorMessage, errorType }) {
  return { errorMessage: cut(errorMessage), errorType: cut(errorType), stackTrace: [] };
}

function cut(value) {
  const text = String(value);
  return text.length <= TEXT_KEPT_LENGTH ? text : `${text.slice(0, TEXT_KEPT_LENGTH)}… (${text.length} characters)`;
}

module.exports = { encodeResult, handledDocument, unhandledDocument, errorDocument };
