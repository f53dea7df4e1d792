/**
 * Decodes the JSON of a control request, as mistrustfully as its sender may be hostile. Payloads of invocations never
 * come here: they are bytes, whatever their content type says.
 */
import { invalidArgument } from '../../core/errors.ts';
import { Fields, isJsonObject } from './fields.ts';

/** The deepest documents of the API have six levels. */
const DEPTH_MAX = 32;

/** Names that reach an object's prototype where a careless copy is made. */
const REFUSED_NAMES = ['__proto__', 'constructor', 'prototype'];

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The members of the body; none when it is absent or `null`. Throws `InvalidArgument` for everything but an object. */
export function decodeJsonBody(body: Uint8Array): Fields {
  if (body.byteLength === 0) return new Fields({});
  checkDepth(body);
  const document = parse(body);
  if (document === null) return new Fields({});
  if (!isJsonObject(document)) throw invalidArgument('the request body must be a JSON object');
  refuseNames(document);
  return new Fields(document);
}

function parse(body: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw invalidArgument('the request body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidArgument(
      `the request body is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Before the parser sees it: JSON.parse takes five million nested arrays and blocks the process for more than a second
 * over them. Strings are jumped over natively, because a body with a code package is one long string.
 */
function checkDepth(body: Uint8Array): void {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = endOfString(body, at + 1);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > DEPTH_MAX) throw invalidArgument(`the request body is nested deeper than ${DEPTH_MAX} levels`);
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
}

/** Where the string that began before `from` is closed; the end of the body when it never is. */
function endOfString(body: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const quote = body.indexOf(QUOTE, at);
    if (quote < 0) return body.length;
    let escapes = 0;
    while (quote - escapes > from && body[quote - escapes - 1] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return quote;
    at = quote + 1;
  }
}

function refuseNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) {
    const refused = REFUSED_NAMES.find((name) => Object.hasOwn(value, name));
    if (refused !== undefined) throw invalidArgument(`the request body may not have a member named '${refused}'`);
  }
  for (const member of Object.values(value)) refuseNames(member);
}
