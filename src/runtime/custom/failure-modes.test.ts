import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProcess } from '../process/process-table.ts';
import { abortAs, errorDocument, eventually, invoke, processesOf, resultText } from '../runtime.fixture.ts';
import { openCustomBench } from './custom.fixture.ts';
import { bubblewrapWorks } from '../isolation/bubblewrap-works.fixture.ts';

const PRIVATE = { isolation: 'require', functionNetwork: 'private' } as const;

/*
 * After every test the bench checks that neither a process nor a temp folder is left.
 */

describe('a server', () => {
  test.each([
    [
      { do: 'exit', code: 7 },
      { kind: 'exited', exitCode: 7, signal: null },
    ],
    [
      { do: 'exit', code: 0 },
      { kind: 'exited', exitCode: 0, signal: null },
    ],
    [{ do: 'crash' }, { kind: 'exited', exitCode: null, signal: 'SIGABRT' }],
  ])('that ends while it is called (%o) is reported, and replaced for the next call', async (what, outcome) => {
    const { ask, server } = await openCustomBench();
    const spec = await server();
    const execution = await ask(spec, what);
    expect(execution.outcome).toEqual(outcome);
    expect(execution.logTail).toContain(', Error: Process exited unexpectedly');
    expect(resultText(await ask(spec, { do: 'echo', text: 'next' }))).toBe('next');
  });

  test.each(['hangUp', 'halfAnswer', 'upgrade'])(
    'that breaks the connection (%s) is a function error, and goes on',
    async (action) => {
      const { ask, server } = await openCustomBench();
      const spec = await server();
      const execution = await ask(spec, { do: action });
      expect(execution.outcome).toMatchObject({ kind: 'function-error', handled: false });
      expect(errorDocument(execution).errorType).toBe('BadResponse');
      expect((await ask(spec, { do: 'echo', text: '' })).instanceId).toBe(execution.instanceId);
    },
  );

  test('that gives no answer is timed out and ended', async () => {
    const { ask, folder, server } = await openCustomBench();
    const execution = await ask(await server({ timeoutSeconds: 0.3 }), { do: 'hang' });
    expect(execution.outcome).toEqual({ kind: 'timed-out', timeoutMs: 300 });
    expect(execution.logTail).toMatch(
      /hanging.*\nFC Invoke End RequestId: r-1, Error: Function timed out after 0.3 seconds/,
    );
    expect(processesOf(basename(folder))).toEqual([]);
  });

  test('that started a process in a session of its own takes it along', async () => {
    const { ask, runtime, server } = await openCustomBench();
    const pid = Number(resultText(await ask(await server(), { do: 'escape' })));
    expect(readProcess(pid)).toBeDefined();
    await runtime.pool.close(5_000);
    expect(readProcess(pid)).toBeUndefined();
  });
});

describe('a stop of one of several executions', () => {
  test('runs the pre-stop hook and ends the instance; its neighbours are interrupted, not failed', async () => {
    const { acquire, lines, server } = await openCustomBench();
    const spec = await server({ instanceConcurrency: 3, preStop: { handler: '', timeoutSeconds: 5 } });
    const leases = [await acquire(spec), await acquire(spec), await acquire(spec)];
    expect(new Set(leases.map(({ instanceId }) => instanceId)).size).toBe(1);
    const controller = new AbortController();
    const running = leases.map((lease, index) => {
      const event = JSON.stringify({ do: 'hang', text: `call-${index}` });
      return invoke(lease, { event, requestId: `r-${index}`, ...(index === 1 && { signal: controller.signal }) });
    });
    await eventually(() => lines.filter((line) => line.includes('hanging')).length === 3);
    abortAs(controller, 'stop');
    expect((await Promise.all(running)).map(({ outcome }) => outcome.kind)).toEqual([
      'interrupted',
      'stopped',
      'interrupted',
    ]);
    for (const lease of leases) lease.release();
    expect(lines.some((line) => line.includes('pre-stop by GET'))).toBe(true);
  });
});

describe('a start', () => {
  test('of a command that ends shows how, and its log', async () => {
    const { ask, server } = await openCustomBench();
    const passive = {
      customRuntimeConfig: { command: ['node', '-e', 'console.error("no database"); process.exit(3)'] },
    };
    const execution = await ask(await server({ passive }), {});
    expect(execution.outcome.kind).toBe('initialization-error');
    const { errorMessage, errorType } = errorDocument(execution);
    expect(errorType).toBe('CAExited');
    expect(errorMessage).toMatch(/^Function instance exited unexpectedly \(code 3\) with start command 'node -e /);
    expect(errorMessage).toMatch(/Logs: no database\n$/);
  });

  test('of a command that does not exist says so', async () => {
    const { ask, server } = await openCustomBench();
    const passive = { customRuntimeConfig: { command: ['/code/no-such-file'] } };
    const { errorMessage } = errorDocument(await ask(await server({ passive }), {}));
    expect(errorMessage).toContain("with start command '/code/no-such-file'");
    expect(errorMessage).toMatch(/Logs: .*not found/);
  });

  test.each([
    ['holds a NUL', 'a\0b', 'its start command holds a NUL'],
    ['is too long', 'x'.repeat(140_000), 'its start command is longer than a system takes'],
  ])('of a command that %s is an error of the function, for it will never start', async (...[, argument, message]) => {
    const { ask, server } = await openCustomBench();
    const passive = { customRuntimeConfig: { command: ['node', 'server.js', argument] } };
    const execution = await ask(await server({ passive }), {});
    expect(execution.outcome.kind).toBe('initialization-error');
    expect(errorDocument(execution).errorMessage).toBe(`The function cannot be started: ${message}.`);
  });

  test('without a command runs the bootstrap of the package', async () => {
    const { ask, server } = await openCustomBench();
    // What the zip does not mark as executable is not: run by its interpreter, as the error would say.
    const files = { 'run.sh': '#!/bin/sh\nexec node server.js\n' };
    const passive = { customRuntimeConfig: { command: ['sh', '/code/run.sh'] } };
    expect(resultText(await ask(await server({ passive }, files), { do: 'echo', text: 'up' }))).toBe('up');
    const missing = errorDocument(await ask(await server({ passive: {} }, files), {}));
    expect(missing.errorMessage).toContain("with start command '/code/bootstrap'");
  });

  test('that is aborted leaves nothing behind', async () => {
    const { runtime, lines, server } = await openCustomBench();
    const passive = { customRuntimeConfig: { command: ['sh', '-c', 'echo started; sleep 300'] } };
    const controller = new AbortController();
    const acquiring = runtime.pool.acquire(await server({ passive }), {
      urgency: 'sync',
      ahead: false,
      signal: controller.signal,
    });
    await eventually(() => lines.some((line) => line.endsWith('started')));
    controller.abort();
    expect(await acquiring).toMatchObject({ kind: 'none', execution: { outcome: { kind: 'interrupted' } } });
  });
});

describe('two instances of a server on one port', () => {
  test('run side by side when their code listens where it is told to', async () => {
    const { acquire, server } = await openCustomBench();
    const spec = await server();
    const leases = [await acquire(spec), await acquire(spec)];
    const event = JSON.stringify({ do: 'show' });
    const ports = await Promise.all(
      leases.map(async (lease) => {
        const shown = JSON.parse(resultText(await invoke(lease, { event }))) as { env: Record<string, string> };
        lease.release();
        return shown.env['FC_SERVER_PORT'];
      }),
    );
    expect(new Set(ports).size).toBe(2);
  });

  test('cannot when their code insists: the error says which port is theirs', async () => {
    const { acquire, runtime, server } = await openCustomBench();
    const base = await server();
    const { port } = base.settings.passive['customRuntimeConfig'] as { port: number };
    const settings = { ...base.settings, environment: { FIXED_PORT: String(port) } };
    const lease = await acquire({ ...base, settings });
    const other = { ...base, key: `${base.key}-other`, settings };
    const acquired = await runtime.pool.acquire(other, {
      urgency: 'sync',
      ahead: false,
      signal: new AbortController().signal,
    });
    lease.release();
    if (acquired.kind === 'instance') throw new Error('both listen on one port');
    const { errorMessage, errorType } = errorDocument(acquired.execution);
    expect(errorType).toBe('CAExited');
    expect(errorMessage).toContain(`Port ${port} is in use on this machine`);
    expect(errorMessage).toContain('FC_SERVER_PORT or FC_CUSTOM_LISTEN_PORT');
    expect(errorMessage).toContain('EADDRINUSE');
  });
});

describe.skipIf(!(await bubblewrapWorks()))('instances with a network each', () => {
  test('run side by side though their code insists on one port, and nobody outside sees it', async () => {
    const { acquire, server } = await openCustomBench(PRIVATE);
    const spec = await server({ environment: { FIXED_PORT: '9000' }, passive: serverCommand(9000) });
    const leases = [await acquire(spec), await acquire(spec)];
    const event = JSON.stringify({ do: 'show' });
    for (const lease of leases) {
      const shown = JSON.parse(resultText(await invoke(lease, { event }))) as { env: Record<string, string> };
      expect(shown.env).toMatchObject({ FC_SERVER_PORT: '9000', FC_INSTANCE_ID: lease.instanceId });
      lease.release();
    }
  });

  test.each([
    [
      { do: 'exit', code: 7 },
      { kind: 'exited', exitCode: 7, signal: null },
    ],
    [{ do: 'halfAnswer' }, { kind: 'function-error', handled: false }],
    [{ do: 'large', bytes: 8_000_000 }, { kind: 'returned' }],
    [{ do: 'hang' }, { kind: 'timed-out', timeoutMs: 2_000 }],
  ])('end and answer as the others do: %j', async (what, outcome) => {
    const { ask, server } = await openCustomBench(PRIVATE);
    const execution = await ask(await server({ timeoutSeconds: 2, passive: serverCommand(9000) }), what);
    expect(execution.outcome).toMatchObject(outcome);
  });

  test('show the log of a start that fails', async () => {
    const { ask, server } = await openCustomBench(PRIVATE);
    const passive = { customRuntimeConfig: { command: ['/code/no-such-file'] } };
    expect(errorDocument(await ask(await server({ passive }), {})).errorMessage).toMatch(/Logs: .*not found/);
  });
});

function serverCommand(port: number): Readonly<Record<string, unknown>> {
  return { customRuntimeConfig: { command: ['node', 'server.js'], port } };
}
