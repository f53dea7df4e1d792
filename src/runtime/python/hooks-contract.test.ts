import { describe, expect, test } from 'vitest';
import { abortAs, errorDocument, eventually, invoke, openBench, resultText } from '../runtime.fixture.ts';
import { findPython } from './python-runtime.ts';

const withPython = describe.skipIf((await findPython()) === undefined);
const hook = (name: string, timeoutSeconds = 10) => ({ handler: `index.${name}`, timeoutSeconds });

withPython('an initializer', () => {
  test('runs once, before the first invocation, between its own marks', async () => {
    const { lines, run, spec } = await openBench();
    const hooks = await spec('hooks.py', { initializer: hook('initialize') });
    expect(resultText(await run(hooks))).toBe('1');
    expect(resultText(await run(hooks))).toBe('1');
    const texts = lines.map((line) => line.replace(/^\S+ /, ''));
    expect(texts[0]).toMatch(/^FC Initialize Start RequestId: \S+$/);
    expect(texts[1]).toMatch(/^initializing function-\d+$/);
    expect(texts[2]).toMatch(/^FC Initialize End RequestId: \S+$/);
  });

  test.each([
    ['initialize_fails', 10, 'no database', 'Unhandled function error'],
    [
      'initialize_hangs',
      0.2,
      'Function was not initialized within 0.2 seconds',
      'Function timed out after 0.2 seconds',
    ],
    [
      'initialize_exits',
      10,
      'Process exited unexpectedly (exit code 9) while the function was initialized',
      'Process exited unexpectedly before completing request',
    ],
  ])('that does not succeed (%s) is an initialization error', async (...[name, timeoutSeconds, message, mark]) => {
    const { run, spec } = await openBench();
    const execution = await run(await spec('hooks.py', { initializer: hook(name, timeoutSeconds) }));
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution).errorMessage).toBe(message);
    expect(/^FC Initialize End RequestId: \S+, Error: (.*)$/m.exec(execution.logTail)?.[1]).toBe(mark);
  });
});

withPython('a pre-stop hook', () => {
  test('runs when a running invocation is stopped, before the process ends', async () => {
    const { acquire, lines, spec } = await openBench();
    const controller = new AbortController();
    const lease = await acquire(await spec('hooks.py', { handler: 'index.hangs', preStop: hook('pre_stop') }));
    const running = invoke(lease, { signal: controller.signal });
    abortAs(controller, 'stop');
    expect((await running).outcome).toEqual({ kind: 'stopped' });
    lease.release();
    const marks = lines.map((line) => /FC PreStop (Start|End)|stopping function/.exec(line)?.[0]).filter(Boolean);
    expect(marks).toEqual(['FC PreStop Start', 'stopping function', 'FC PreStop End']);
  });

  test('of an idle instance runs on the thread that made its connections', async () => {
    const { lines, run, runtime, spec } = await openBench();
    await run(await spec('hooks.py', { preStop: hook('pre_stop_closes') }));
    await runtime.pool.close(5_000);
    expect(lines.some((line) => line.endsWith('closed the database'))).toBe(true);
    expect(lines.at(-1)).toMatch(/FC PreStop End RequestId: \S+$/);
  });

  test.each([
    ['pre_stop_hangs', 'Function timed out after 0.2 seconds'],
    ['pre_stop_fails', 'Unhandled function error'],
  ])('that does not succeed (%s) does not hold up the end', async (name, error) => {
    const { lines, run, runtime, spec } = await openBench();
    await run(await spec('hooks.py', { preStop: hook(name, 0.2) }));
    await eventually(() => runtime.pool.instances().every(({ status }) => status === 'Running'));
    await runtime.pool.close(5_000);
    expect(lines.some((line) => line.includes('FC PreStop End') && line.endsWith(error))).toBe(true);
  });
});
