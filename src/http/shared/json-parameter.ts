/** Query parameters whose value is JSON text: the SDKs send lists so. */
import { invalidArgument } from '../../core/errors.ts';
import { Fields } from './fields.ts';
import type { Query } from './query.ts';

/** The parameter as the one member of an object, to be read by type; no member when it is not given. */
export function jsonParameter(query: Query, name: string): Fields {
  const text = query.text(name);
  if (text === '') return new Fields({});
  try {
    return new Fields({ [name]: JSON.parse(text) as unknown });
  } catch {
    throw invalidArgument(`${name} must be JSON (actual: '${text.slice(0, 64)}')`);
  }
}
