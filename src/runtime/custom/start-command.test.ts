import { expect, test } from 'vitest';
import { configuredPort, startCommand } from './start-command.ts';

test.each([
  [{}, ['/data/code/abc/bootstrap']],
  [{ customRuntimeConfig: { command: [], args: [] } }, ['/data/code/abc/bootstrap']],
  [{ customRuntimeConfig: { command: ['node', 'app.js'] } }, ['node', 'app.js']],
  [{ customRuntimeConfig: { command: ['python3'], args: ['-u', 'app.py'] } }, ['python3', '-u', 'app.py']],
  [
    { customRuntimeConfig: { command: ['/code/run'], args: ['/code', '/codex'] } },
    ['/data/code/abc/run', '/data/code/abc', '/codex'],
  ],
])('%j starts %j', (passive, expected) => {
  expect(startCommand({ runtime: 'custom', handler: 'index.handler', passive }, '/data/code/abc')).toEqual(expected);
});

test('a go1 function starts the file that its handler names', () => {
  expect(startCommand({ runtime: 'go1', handler: 'main', passive: {} }, '/data/code/abc')).toEqual([
    '/data/code/abc/main',
  ]);
});

test.each([
  [{}, 9000],
  [{ customRuntimeConfig: { port: 8080 } }, 8080],
])('%j expects port %i', (passive, port) => {
  expect(configuredPort({ passive })).toBe(port);
});
