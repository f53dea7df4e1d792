/**
 * The members of one JSON object, read by type. Names are matched without regard to case, as the service does (its
 * own SDKs send `InstanceConcurrency` and `instanceConcurrency`). `null` means "not given", unknown members are
 * ignored, and each refusal names the member with its place, what is allowed, and what came.
 */
import { invalidArgument } from '../../core/errors.ts';

export interface TextRule {
  /** In UTF-16 units; default 0. */
  readonly lengthMin?: number;
  /** Default: no bound but the body's. */
  readonly lengthMax?: number;
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export class Fields {
  readonly #members = new Map<string, unknown>();
  readonly #place: string;

  /** @param place where the object stands, with a dot at its end; empty for the body itself */
  constructor(object: JsonObject, place = '') {
    this.#place = place;
    for (const [name, value] of Object.entries(object)) {
      if (value === null) continue;
      const key = name.toLowerCase();
      if (this.#members.has(key)) throw invalidArgument(`${place}${name} is given more than once`);
      this.#members.set(key, value);
    }
  }

  has(name: string): boolean {
    return this.#members.has(name.toLowerCase());
  }

  /** The value as it was parsed, for members that are only kept and given back. */
  json(name: string): unknown {
    return this.#members.get(name.toLowerCase());
  }

  text(name: string, rule: TextRule = {}): string | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.refusal(name, 'a string');
    const { lengthMin = 0, lengthMax = Number.POSITIVE_INFINITY } = rule;
    if (value.length < lengthMin || value.length > lengthMax) {
      const allowed = lengthMin === 0 ? `at most ${lengthMax}` : `${lengthMin} to ${lengthMax}`;
      throw invalidArgument(`${this.#place}${name} must have ${allowed} characters (actual: ${value.length})`);
    }
    return value;
  }

  choice<Choice extends string>(name: string, allowed: readonly Choice[]): Choice | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    const choice = allowed.find((candidate) => candidate === value);
    if (choice === undefined) throw this.refusal(name, `one of ${allowed.join(', ')}`);
    return choice;
  }

  integer(name: string, range: NumberRange): number | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && inRange(value, range)) return value;
    throw this.refusal(name, `an integer from ${range.min} to ${range.max}`);
  }

  number(name: string, range: NumberRange): number | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (inRange(value, range)) return value;
    throw this.refusal(name, `a number from ${range.min} to ${range.max}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'boolean') throw this.refusal(name, 'true or false');
    return value;
  }

  /** Its keys are the caller's own: kept as they are, in their case. */
  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#map(name, 'an object of strings', (value): value is string => typeof value === 'string');
  }

  numberMap(name: string, range: NumberRange): Readonly<Record<string, number>> | undefined {
    const what = `an object of numbers from ${range.min} to ${range.max}`;
    return this.#map(name, what, (value): value is number => inRange(value, range));
  }

  textList(name: string): readonly string[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === 'string')) return value;
    throw this.refusal(name, 'an array of strings');
  }

  object(name: string): Fields | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw this.refusal(name, 'an object');
    return new Fields(value, `${this.#place}${name}.`);
  }

  objects(name: string): readonly Fields[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isJsonObject)) throw this.refusal(name, 'an array of objects');
    return value.map((entry, index) => new Fields(entry, `${this.#place}${name}[${index}].`));
  }

  /** The error for a member of a wrong value; `allowed` follows "must be". */
  refusal(name: string, allowed: string): Error {
    return invalidArgument(`${this.#place}${name} must be ${allowed} (actual: ${shown(this.json(name))})`);
  }

  /** The error for a member that must be given and is not. */
  missing(name: string): Error {
    return invalidArgument(`${this.#place}${name} is required`);
  }

  #map<Value>(
    name: string,
    what: string,
    accepts: (value: unknown) => value is Value,
  ): Readonly<Record<string, Value>> | undefined {
    const object = this.json(name);
    if (object === undefined) return undefined;
    if (!isJsonObject(object)) throw this.refusal(name, what);
    const entries: [string, Value][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (!accepts(value)) throw this.refusal(name, what);
      entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inRange(value: unknown, range: NumberRange): value is number {
  return typeof value === 'number' && value >= range.min && value <= range.max;
}

/** Objects by their kind only: a document may hold secrets, and messages end in logs. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
