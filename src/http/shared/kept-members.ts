/**
 * Readers for members that have no effect here: each is checked for type and documented range, kept under its
 * documented name whatever the case it came in, and given back. Members that a table does not know are dropped.
 */
import type { Fields, NumberRange, TextRule } from './fields.ts';

/** Reads one member; undefined when it is not given. */
export type Reader = (fields: Fields, name: string) => unknown;

export const text =
  (rule: TextRule = {}): Reader =>
  (fields, name) =>
    fields.text(name, rule);
export const integer =
  (range: NumberRange): Reader =>
  (fields, name) =>
    fields.integer(name, range);
export const flag: Reader = (fields, name) => fields.boolean(name);
export const texts: Reader = (fields, name) => fields.textList(name);
export const textMap: Reader = (fields, name) => fields.textMap(name);

export function object(members: Readonly<Record<string, Reader>>): Reader {
  return (fields, name) => {
    const given = fields.object(name);
    return given && readMembers(given, members);
  };
}

export function objects(members: Readonly<Record<string, Reader>>): Reader {
  return (fields, name) => fields.objects(name)?.map((entry) => readMembers(entry, members));
}

/** The given ones, by the names of the table. */
export function readMembers(fields: Fields, members: Readonly<Record<string, Reader>>): Record<string, unknown> {
  const entries = Object.entries(members).map(([name, read]) => [name, read(fields, name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export const ANY_INT32: NumberRange = { min: -2_147_483_648, max: 2_147_483_647 };

/** A number of vCPU: a multiple of 0.05. */
export const cpu: Reader = (fields, name) => {
  const value = fields.number(name, { min: 0.05, max: 16 });
  if (value !== undefined && !isMultipleOf(value, 0.05)) throw fields.refusal(name, 'a multiple of 0.05');
  return value;
};

/** A disk in MB, of the two sizes that there are. */
export const diskSize: Reader = (fields, name) => {
  const diskMb = fields.integer(name, ANY_INT32);
  if (diskMb !== undefined && diskMb !== 512 && diskMb !== 10_240) throw fields.refusal(name, '512 or 10240');
  return diskMb;
};

function isMultipleOf(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}
