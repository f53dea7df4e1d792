import { OpenApiUtil } from '@alicloud/openapi-core';
import { expect, test } from 'vitest';
import { signRequest } from './sign-request.ts';

const PAIR = { accessKeyId: 'AKID', accessKeySecret: 'AKSECRET' };
const MOMENT = { now: new Date('2026-11-20T23:15:56.789Z'), nonce: 'f54122d13612b178' };
const REQUEST = {
  version: 'meanwhile',
  action: 'CreateAccessKey',
  url: new URL('http://127.0.0.1:42555/meanwhile/a%20b'),
};

test.for([
  ['GET', ''],
  ['POST', '{"account":"1"}'],
  ['DELETE', ''],
] as const)('%s with body %j is signed as the official SDK signs it', ([method, body]) => {
  const { authorization, ...headers } = signRequest({ ...REQUEST, method, body }, PAIR, MOMENT);
  const request = { method, pathname: REQUEST.url.pathname, query: {}, headers };
  expect(authorization).toBe(
    OpenApiUtil.getAuthorization(
      request as unknown as Parameters<typeof OpenApiUtil.getAuthorization>[0],
      'ACS3-HMAC-SHA256',
      headers['x-acs-content-sha256'] ?? '',
      PAIR.accessKeyId,
      PAIR.accessKeySecret,
    ),
  );
});

test('the date has whole seconds, as the API wants it', () => {
  const headers = signRequest({ ...REQUEST, method: 'GET', body: '' }, PAIR, MOMENT);
  expect(headers['x-acs-date']).toBe('2026-11-20T23:15:56Z');
});

test('only a body has a type', () => {
  const headersOf = (body: string) => signRequest({ ...REQUEST, method: 'POST', body }, PAIR, MOMENT);
  expect(headersOf('{}')).toHaveProperty('content-type', 'application/json');
  expect(headersOf('')).not.toHaveProperty('content-type');
});
