/** What 2.0 consists of, read from the models of the official SDK of 2021-04-06: operations, and members of requests and answers. */
import { createRequire } from 'node:module';

interface Model {
  names(): Readonly<Record<string, string>>;
  types(): Readonly<Record<string, unknown>>;
}

const sdk = createRequire(import.meta.url)('@alicloud/fc-open20210406') as Readonly<Record<string, unknown>>;

/** Members that have no effect here and are given back as they came: one test does for all of one. */
const KEPT_AS_THEY_ARE = new Set([
  ...['customContainerConfig', 'customDNS', 'customRuntimeConfig', 'customHealthCheckConfig', 'logConfig', 'nasConfig'],
  ...['ossMountConfig', 'tracingConfig', 'vpcConfig'],
]);

/** Action names: `GetStatefulAsyncInvocation`. */
export function sdkOperations(): readonly string[] {
  const client = sdk['default'] as { readonly prototype: object };
  return Object.getOwnPropertyNames(client.prototype)
    .filter((name) => name.endsWith('WithOptions'))
    .map((name) => name.replace('WithOptions', ''))
    .map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
}

/** Query parameters and members of the body, by their names on the wire and their place in it. */
export function requestMembers(operation: string): readonly string[] {
  const request = modelOf(`${operation}Request`);
  return request === undefined ? [] : pathsOf(request);
}

export function requestHeaders(operation: string): readonly string[] {
  return Object.values(modelOf(`${operation}Headers`)?.names() ?? {}).filter((name) => name !== 'commonHeaders');
}

/** Members of a JSON answer by their place in it. */
export function responseMembers(operation: string): readonly string[] {
  const body = asModel(modelOf(`${operation}Response`)?.types()['body']);
  return body === undefined ? [] : pathsOf(body);
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
