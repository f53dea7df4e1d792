/** What 3.0 consists of: operations, and members of requests and answers. */
import { asModel, SdkModels } from '../support/sdk-models.ts';

const models = new SdkModels('@alicloud/fc20230330', [
  ...['customContainerConfig', 'customDNS', 'customRuntimeConfig', 'gpuConfig', 'juiceFsConfig', 'lockInfo'],
  ...['logConfig', 'nasConfig', 'ossMountConfig', 'polarFsConfig', 'tracingConfig', 'vpcConfig'],
]);

export const sdkOperations = (): readonly string[] => models.operations();

/** Query parameters by name, members of a JSON body by their place in it, and `body` for a body of bytes. */
export function sdkRequestMembers(operation: string): readonly string[] {
  const request = models.find(`${operation}Request`);
  const body = asModel(request?.types()['body']);
  const query = request === undefined ? [] : models.pathsOf(request);
  const names = body === undefined ? query : query.filter((name) => name !== 'body' && !name.startsWith('body.'));
  return [...names, ...models.requestHeaders(operation), ...(body ? models.pathsOf(body) : [])];
}

export const sdkResponseMembers = (operation: string): readonly string[] => models.responseMembers(operation);

/** How many arguments the SDK's method takes before its request: the parameters of the path. */
export function sdkMethod(operation: string): {
  readonly name: string;
  readonly pathParameters: number;
  readonly request: (new (members: object) => object) | undefined;
} {
  const { exports } = models;
  const name = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}WithOptions`;
  const { prototype } = exports['default'] as {
    readonly prototype: Readonly<Record<string, { readonly length: number }>>;
  };
  const request = exports[`${operation}Request`] as (new (members: object) => object) | undefined;
  const others = request === undefined ? 2 : 3;
  return { name, request, pathParameters: (prototype[name]?.length ?? 0) - others };
}
