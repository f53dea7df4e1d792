import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { PortBook } from './port-book.ts';

test('the preferred port is given once at a time, and again when it came back', async () => {
  const ports = new PortBook();
  const preferred = await ports.take(0);
  ports.giveBack(preferred);
  expect(await ports.take(preferred)).toBe(preferred);
  const other = await ports.take(preferred);
  expect(other).not.toBe(preferred);
  expect(other).toBeGreaterThan(0);
  ports.giveBack(preferred);
  expect(await ports.take(preferred)).toBe(preferred);
});

test('a port that somebody else listens on is not given', async () => {
  const stranger = createServer();
  onTestFinished(() => new Promise<void>((resolve) => void stranger.close(() => resolve())));
  const taken = await new Promise<number>((resolve) => {
    stranger.listen(0, '127.0.0.1', () => resolve((stranger.address() as { readonly port: number }).port));
  });
  expect(await new PortBook().take(taken)).not.toBe(taken);
});
