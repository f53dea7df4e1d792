/** A qualifier that a caller gave. */
import { invalidArgument } from '../core/errors.ts';
import { LATEST, parseQualifier, type Qualifier } from '../core/names.ts';

/** Throws `InvalidArgument` for what can be no qualifier. Empty means LATEST. */
export function qualifierOf(text: string): Qualifier {
  const qualifier = parseQualifier(text);
  if (qualifier !== undefined) return qualifier;
  throw invalidArgument(`qualifier must be ${LATEST}, a version id or an alias name (actual: '${text}')`);
}
