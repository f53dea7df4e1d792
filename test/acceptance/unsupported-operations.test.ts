import { describe, expect, test } from 'vitest';
import { refusalOf } from '../support/sdk.ts';
import { NOT_BUILT } from './coverage.ts';
import { sdkMethod } from './sdk-members.ts';
import { useServer } from './use-server.ts';

const bench = useServer();

describe('an operation of Function Compute that is not built says so by its name', () => {
  test.each(NOT_BUILT)('%s', async (operation) => {
    const { name, pathParameters, request } = sdkMethod(operation);
    const parameters = Array.from({ length: pathParameters }, (_, index) => `x${index}`);
    const client = bench.sdk() as unknown as Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>>;
    const call = client[name]?.call(client, ...parameters, ...(request ? [new request({})] : []), {}, {});
    expect(await refusalOf(Promise.resolve(call))).toMatchObject({
      code: 'OperationNotSupported',
      status: 400,
      message: expect.stringContaining(operation),
    });
  });
});
