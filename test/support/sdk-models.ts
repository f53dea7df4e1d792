/**
 * What an API consists of, read from the models of an official SDK: its operations, and each member of their requests
 * and answers. A list that somebody wrote would leave out what its writer forgot.
 */
import { createRequire } from 'node:module';

export interface Model {
  names(): Readonly<Record<string, string>>;
  types(): Readonly<Record<string, unknown>>;
}

export class SdkModels {
  /** What the package exports: the client as `default`, and a model for each request and answer. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly #keptAsTheyAre: ReadonlySet<string>;

  /** @param keptAsTheyAre members that have no effect here and are given back as they came: one test does for all of one */
  constructor(packageName: string, keptAsTheyAre: readonly string[]) {
    this.exports = createRequire(import.meta.url)(packageName) as Readonly<Record<string, unknown>>;
    this.#keptAsTheyAre = new Set(keptAsTheyAre);
  }

  /** Action names: `GetAsyncTask`. */
  operations(): readonly string[] {
    const client = this.exports['default'] as { readonly prototype: object };
    return Object.getOwnPropertyNames(client.prototype)
      .filter((name) => name.endsWith('WithOptions'))
      .map((name) => name.replace('WithOptions', ''))
      .map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  }

  requestHeaders(operation: string): readonly string[] {
    const names = Object.values(this.find(`${operation}Headers`)?.names() ?? {});
    return names.filter((name) => name !== 'commonHeaders');
  }

  /** Members of a JSON answer by their place in it. */
  responseMembers(operation: string): readonly string[] {
    const body = asModel(this.find(`${operation}Response`)?.types()['body']);
    return body === undefined ? [] : this.pathsOf(body);
  }

  find(name: string): Model | undefined {
    return asModel(this.exports[name]);
  }

  /** Members of a model, and of those in it, by their names on the wire and their place in it: `a.b`, `a[].b`. */
  pathsOf(model: Model, place = ''): string[] {
    const types = model.types();
    return Object.entries(model.names()).flatMap(([key, name]) => {
      const path = `${place}${name}`;
      const inner = this.#keptAsTheyAre.has(name) ? undefined : innerOf(types[key]);
      return inner === undefined ? [path] : [path, ...this.pathsOf(inner.model, `${path}${inner.separator}`)];
    });
  }
}

function innerOf(type: unknown): { readonly model: Model; readonly separator: string } | undefined {
  const model = asModel(type);
  if (model !== undefined) return { model, separator: '.' };
  const item = asModel((type as { itemType?: unknown } | undefined)?.itemType);
  return item === undefined ? undefined : { model: item, separator: '[].' };
}

export function asModel(type: unknown): Model | undefined {
  return typeof type === 'function' && 'names' in type ? (type as unknown as Model) : undefined;
}
