/**
 * What the API consists of, read from the models of the official SDK: its operations, and each member of their requests
 * and answers. A list that somebody wrote would leave out what its writer forgot.
 */
import { createRequire } from 'node:module';

interface Model {
  names(): Readonly<Record<string, string>>;
  types(): Readonly<Record<string, unknown>>;
}

const sdk = createRequire(import.meta.url)('@alicloud/fc20230330') as Readonly<Record<string, unknown>>;

/** Members that have no effect here and are given back as they came: one test does for all of one. */
const KEPT_AS_THEY_ARE = new Set([
  ...['customContainerConfig', 'customDNS', 'customRuntimeConfig', 'gpuConfig', 'juiceFsConfig', 'lockInfo'],
  ...['logConfig', 'nasConfig', 'ossMountConfig', 'polarFsConfig', 'tracingConfig', 'vpcConfig'],
]);

/** Action names: `GetAsyncTask`. */
export function sdkOperations(): readonly string[] {
  const client = sdk['default'] as { readonly prototype: object };
  return Object.getOwnPropertyNames(client.prototype)
    .filter((name) => name.endsWith('WithOptions'))
    .map((name) => name.replace('WithOptions', ''))
    .map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
}

/** Query parameters by name, members of a JSON body by their place in it, and `body` for a body of bytes. */
export function sdkRequestMembers(operation: string): readonly string[] {
  const request = modelOf(`${operation}Request`);
  const body = asModel(request?.types()['body']);
  const headers = Object.values(modelOf(`${operation}Headers`)?.names() ?? {});
  const query = request === undefined ? [] : pathsOf(request);
  const names = body === undefined ? query : query.filter((name) => name !== 'body' && !name.startsWith('body.'));
  return [...names, ...headers.filter((name) => name !== 'commonHeaders'), ...(body ? pathsOf(body) : [])];
}

/** Members of a JSON answer by their place in it. */
export function sdkResponseMembers(operation: string): readonly string[] {
  const body = asModel(modelOf(`${operation}Response`)?.types()['body']);
  return body === undefined ? [] : pathsOf(body);
}

/** How many arguments the SDK's method takes before its request: the parameters of the path. */
export function sdkMethod(operation: string): {
  readonly name: string;
  readonly pathParameters: number;
  readonly request: (new (members: object) => object) | undefined;
} {
  const name = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}WithOptions`;
  const { prototype } = sdk['default'] as { readonly prototype: Readonly<Record<string, { readonly length: number }>> };
  const request = sdk[`${operation}Request`] as (new (members: object) => object) | undefined;
  const others = request === undefined ? 2 : 3;
  return { name, request, pathParameters: (prototype[name]?.length ?? 0) - others };
}

function pathsOf(model: Model, place = ''): string[] {
  const types = model.types();
  return Object.entries(model.names()).flatMap(([key, name]) => {
    const path = `${place}${name}`;
    const inner = KEPT_AS_THEY_ARE.has(name) ? undefined : innerOf(types[key]);
    return inner === undefined ? [path] : [path, ...pathsOf(inner.model, `${path}${inner.separator}`)];
  });
}

function innerOf(type: unknown): { readonly model: Model; readonly separator: string } | undefined {
  const model = asModel(type);
  if (model !== undefined) return { model, separator: '.' };
  const item = asModel((type as { itemType?: unknown } | undefined)?.itemType);
  return item === undefined ? undefined : { model: item, separator: '[].' };
}

function modelOf(name: string): Model | undefined {
  return asModel(sdk[name]);
}

function asModel(type: unknown): Model | undefined {
  return typeof type === 'function' && 'names' in type ? (type as unknown as Model) : undefined;
}
