import { expect, it } from 'vitest';
import { parseConnectionTarget } from './connection-target.ts';
import { Session } from './session.ts';
import { serverUrl } from './temporary-store.fixture.ts';

it('is ended by the server when it goes silent in the middle of a transaction, with the locks that it holds', async () => {
  const target = parseConnectionTarget(await serverUrl());
  const [host] = target.hosts;
  if (host === undefined) throw new Error('no host');
  const timeouts = { connectTimeoutMs: 5_000, callTimeoutMs: 500 };
  const session = await Session.open({ target, host, password: async () => undefined, ...timeouts });
  await session.query({ name: 'begin', text: 'BEGIN' });
  expect(await session.ended).toContain('idle-in-transaction');
  expect(session.isUsable).toBe(false);
});
