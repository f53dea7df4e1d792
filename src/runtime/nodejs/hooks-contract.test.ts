import { describe, expect, test } from 'vitest';
import { abortAs, errorDocument, eventually, invoke, openBench, resultText } from '../runtime.fixture.ts';

const hook = (name: string, timeoutSeconds = 10) => ({ handler: `index.${name}`, timeoutSeconds });

describe('an initializer', () => {
  test('runs once, before the first invocation, between its own marks', async () => {
    const { lines, run, spec } = await openBench();
    const hooks = await spec('hooks.js', { initializer: hook('initialize') });
    expect(resultText(await run(hooks))).toBe('1');
    expect(resultText(await run(hooks))).toBe('1');
    const texts = lines.map((line) => line.replace(/^\S+ /, ''));
    expect(texts[0]).toMatch(/^FC Initialize Start RequestId: \S+$/);
    expect(texts[1]).toMatch(/ \[verbose\] initializing function-\d+$/);
    expect(texts[2]).toMatch(/^FC Initialize End RequestId: \S+$/);
    expect(texts[3]).toBe('FC Invoke Start RequestId: r-1');
  });

  test('may return what it likes: nobody reads it', async () => {
    const { run, spec } = await openBench();
    const hooks = await spec('hooks.js', { initializer: hook('initializeReturnsClient') });
    expect(resultText(await run(hooks))).toBe('1');
  });

  test.each([
    ['initializeFails', 10, 'no database', 'Handled function error'],
    ['initializeHangs', 0.2, 'Function was not initialized within 0.2 seconds', 'Function timed out after 0.2 seconds'],
    [
      'initializeExits',
      10,
      'Process exited unexpectedly (exit code 9) while the function was initialized',
      'Process exited unexpectedly before completing request',
    ],
  ])('that does not succeed (%s) is an initialization error', async (...[name, timeoutSeconds, message, mark]) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('hooks.js', { initializer: hook(name, timeoutSeconds) }));
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution).errorMessage).toBe(message);
    expect(/^FC Initialize End RequestId: \S+, Error: (.*)$/m.exec(execution.logTail)?.[1]).toBe(mark);
  });

  test('that failed is tried again by the next caller', async () => {
    const { run, spec } = await openBench();
    const hooks = await spec('hooks.js', { initializer: hook('initializeFails') });
    const first = await run(hooks);
    const second = await run(hooks);
    expect(second.outcome.kind).toBe('initialization-error');
    expect(second.instanceId).not.toBe(first.instanceId);
  });
});

describe('a pre-stop hook', () => {
  test('runs when a running invocation is stopped, before the process ends', async () => {
    const { acquire, lines, spec } = await openBench();
    const controller = new AbortController();
    const lease = await acquire(await spec('hooks.js', { handler: 'index.hangs', preStop: hook('preStop') }));
    const running = invoke(lease, { signal: controller.signal });
    abortAs(controller, 'stop');
    expect((await running).outcome).toEqual({ kind: 'stopped' });
    lease.release();
    const marks = lines.map((line) => /FC PreStop (Start|End)|stopping function/.exec(line)?.[0]).filter(Boolean);
    expect(marks).toEqual(['FC PreStop Start', 'stopping function', 'FC PreStop End']);
  });

  test('runs when an instance retires', async () => {
    const { lines, run, runtime, spec } = await openBench();
    const hooks = await spec('hooks.js', { preStop: hook('preStop') });
    await run(hooks);
    runtime.pool.retire(hooks.account, hooks.functionName);
    await eventually(() => lines.some((line) => line.includes('stopping function')));
    await eventually(() => runtime.pool.instances().every(({ status }) => status === 'Destroyed'));
  });

  test('may return what it likes: nobody reads it', async () => {
    const { lines, run, runtime, spec } = await openBench();
    await run(await spec('hooks.js', { preStop: hook('preStopReturnsClient') }));
    await runtime.pool.close(5_000);
    expect(lines.at(-1)).toMatch(/FC PreStop End RequestId: \S+$/);
  });

  test.each([
    ['preStopHangs', 'Function timed out after 0.2 seconds'],
    ['preStopFails', 'Unhandled function error'],
  ])('that does not succeed (%s) does not hold up the end', async (name, error) => {
    const { lines, run, runtime, spec } = await openBench();
    await run(await spec('hooks.js', { preStop: hook(name, 0.2) }));
    await runtime.pool.close(5_000);
    expect(lines.some((line) => line.includes('FC PreStop End') && line.endsWith(error))).toBe(true);
  });

  test('does not run when the server just wants the end', async () => {
    const { acquire, lines, spec } = await openBench();
    const controller = new AbortController();
    const lease = await acquire(await spec('hooks.js', { handler: 'index.hangs', preStop: hook('preStop') }));
    const running = invoke(lease, { signal: controller.signal });
    abortAs(controller, 'shutdown');
    expect((await running).outcome).toEqual({ kind: 'interrupted' });
    expect(lines.some((line) => line.includes('PreStop'))).toBe(false);
  });
});
