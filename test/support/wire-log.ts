/**
 * Remembers what went over the wire, by operation: which members requests and answers had, and which errors came. It
 * is what the list of coverage is held against, so that nothing can be called covered that no test has sent or seen.
 */
export class WireLog {
  readonly #seen = new Set<string>();

  request(operation: string, members: Iterable<string>): void {
    for (const member of members) this.#seen.add(entry(operation, 'request', member));
  }

  response(operation: string, members: Iterable<string>): void {
    for (const member of members) this.#seen.add(entry(operation, 'response', member));
  }

  error(operation: string, code: string): void {
    this.#seen.add(entry(operation, 'error', code));
  }

  has(operation: string, kind: Kind, name: string): boolean {
    return this.#seen.has(entry(operation, kind, name));
  }
}

export type Kind = 'request' | 'response' | 'error';

function entry(operation: string, kind: Kind, name: string): string {
  return `${operation} ${kind} ${name}`;
}

/**
 * The places of all members of a JSON value: `tasks[].events[].status`. A member that is `null` or `undefined` was not
 * given, and one whose keys are the user's own (`environmentVariables`) is named with them, which no list asks for.
 */
export function memberPaths(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => memberPaths(item, `${place}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .flatMap(([name, member]) => {
      const path = place === '' ? name : `${place}.${name}`;
      return [path, ...memberPaths(member, path)];
    });
}
