/** The query string, decoded once: the signature is computed over its parameters and the operations read them by type. */
import { invalidArgument } from '../../core/errors.ts';

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The signature is over names as they are decoded, not encoded: with a name like `a=1&b`, or one with the end of a line, two
 * different requests would have one signature. Every other name is taken: tags are looked for by theirs, and parameters
 * that an operation does not know are ignored.
 */
const REFUSED_IN_NAME = /[=&\u0000-\u001f\u007f]/;

const NONE: ReadonlyMap<string, string> = new Map();

export class Query {
  /** Each parameter as it was decoded, in the order of the wire. */
  readonly parameters: ReadonlyMap<string, string>;

  constructor(parameters: ReadonlyMap<string, string>) {
    this.parameters = parameters;
  }

  /**
   * Reads what stands after the `?`; a `+` is a blank. Throws on broken percent-encoding or UTF-8, and on a parameter
   * that is given twice: one reader would take the first and another the last, so a signature over it proves nothing.
   */
  static parse(raw: string): Query {
    if (raw === '') return new Query(NONE);
    const parameters = new Map<string, string>();
    for (const pair of raw.split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      if (REFUSED_IN_NAME.test(name)) throw invalidArgument("a query parameter's name may not hold =, & or controls");
      if (parameters.has(name)) throw invalidArgument(`query parameter '${shown(name)}' is given more than once`);
      parameters.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
    }
    return new Query(parameters);
  }

  /** `''` when not given: clients send empty parameters for absent ones. */
  text(name: string): string {
    return this.parameters.get(name) ?? '';
  }

  integer(name: string, range: IntegerRange): number | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= range.min && value <= range.max) return value;
    throw invalidArgument(`${name} must be an integer from ${range.min} to ${range.max} (actual: '${shown(text)}')`);
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    throw invalidArgument(`${name} must be true or false (actual: '${shown(text)}')`);
  }

  choice<Choice extends string>(name: string, allowed: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    const choice = allowed.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw invalidArgument(`${name} must be one of ${allowed.join(', ')} (actual: '${shown(text)}')`);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
  } catch {
    throw invalidArgument(`the query holds '${shown(text)}', which is not percent-encoded UTF-8`);
  }
}

/** A caller's text inside a message: short enough to read. */
function shown(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
