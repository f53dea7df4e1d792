import { describe, expect, it } from 'vitest';
import { triggerAddress } from './trigger-address.ts';

const at = (url: string, host = '127.0.0.1:8383') => triggerAddress({ url, headers: { host } });

describe('the address of a trigger', () => {
  it.each(['hello-abcdefghij.localhost:8383', 'HELLO-abcdefghij.example.com', 'hello-abcdefghij.a.b'])(
    'is the host name %s',
    (host) => {
      const target = '/2023-03-30/proxy/f/x?y';
      expect(at(target, host)).toEqual({ by: 'host', subdomain: 'hello-abcdefghij', basePath: '/', target });
    },
  );

  it.each([
    ['/2023-03-30/proxy/f', 'f', '', '/2023-03-30/proxy/f/', '/'],
    ['/2023-03-30/proxy/f/', 'f', '', '/2023-03-30/proxy/f/', '/'],
    ['/2023-03-30/proxy/f?x=1', 'f', '', '/2023-03-30/proxy/f/', '/?x=1'],
    ['/2023-03-30/proxy/f.prod/a%2Fb//?x', 'f', 'prod', '/2023-03-30/proxy/f.prod/', '/a%2Fb//?x'],
    ['/2023-03-30/proxy/s%24f/', 's$f', '', '/2023-03-30/proxy/s%24f/', '/'],
    ['//2016-08-15/proxy/s.1/f/x', 's$f', '1', '//2016-08-15/proxy/s.1/f/', '/x'],
    ['/2016-08-15/proxy/s/f', 's$f', '', '/2016-08-15/proxy/s/f/', '/'],
  ])('is the path %s', (url, ...expected) => {
    const [functionName, qualifier, basePath, target] = expected;
    expect(at(url)).toEqual({ by: 'path', functionName, qualifier, basePath, target });
  });

  it.each([
    '/2023-03-30/functions',
    '/2016-08-15/proxy/s',
    '/2023-03-30/proxy/',
    '/2021-04-06/proxy/s/f/',
    '/x/2023-03-30/proxy/f',
    '/?/2023-03-30/proxy/f',
  ])('is not %s', (url) => {
    expect(at(url)).toBeUndefined();
  });

  it.each(['localhost', 'hello-abcdefghij', 'api.example.com', ''])('is not the host name %j', (host) => {
    expect(at('/x', host)).toBeUndefined();
  });
});
