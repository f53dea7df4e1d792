import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

/** Says when it listens, and which signal it was asked to end by; would run for ever. */
const PROGRAM = `
const { waitForSignal } = await import(process.argv[1]);
waitForSignal().then((signal) => console.log(signal));
setInterval(() => {}, 60_000);
console.log('ready');
`;

test.for([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a first %s is a request, and a second ends the process with %i', async ([signal, exitCode]) => {
  const url = new URL('./end-signal.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    child.kill(signal);
    expect((await lines.next()).value).toBe(signal);
    child.kill(signal);
    expect(await exited).toEqual([exitCode, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
