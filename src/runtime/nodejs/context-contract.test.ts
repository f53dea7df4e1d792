import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../code/code-of.ts';
import { openBench, resultText } from '../runtime.fixture.ts';

interface Seen {
  readonly context: Record<string, unknown>;
  readonly eventIsBuffer: boolean;
  readonly cwd: string;
  readonly environment: Record<string, string>;
}

const credentials = { accessKeyId: 'key-id', accessKeySecret: 'key-secret', securityToken: 'token' };

async function seenBy(settings: Parameters<Awaited<ReturnType<typeof openBench>>['spec']>[1], functionName = 'greet') {
  const bench = await openBench({ credentials });
  const spec = { ...(await bench.spec('context.js', settings)), functionName, versionId: '3' };
  const call = { requestId: 'r-7', qualifier: 'prod', retryCount: 2 };
  const execution = await bench.run(spec, call);
  return { bench, spec, execution, seen: JSON.parse(resultText(execution)) as Seen };
}

describe('a handler', () => {
  test('is given the whole context', async () => {
    const passive = { logConfig: { project: 'p', logstore: 's' } };
    const { seen } = await seenBy({ timeoutSeconds: 9, memoryMb: 256, passive });
    expect(seen.eventIsBuffer).toBe(true);
    expect(seen.context).toEqual({
      requestId: 'r-7',
      credentials,
      function: {
        name: 'greet',
        handler: 'index.handler',
        memory: 256,
        timeout: 9,
        initializer: '',
        initializationTimeout: 0,
      },
      service: { name: '', logProject: 'p', logStore: 's', qualifier: 'prod', versionId: '3' },
      region: 'local',
      accountId: '1000000000000000',
      retryCount: 2,
      tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
      logger: ['log', 'debug', 'info', 'warn', 'error'],
    });
  });

  test('of 2.0 sees its service and function apart', async () => {
    const { seen } = await seenBy({}, 'shop$greet');
    expect(seen.context).toMatchObject({ function: { name: 'greet' }, service: { name: 'shop' } });
    expect(seen.environment).toMatchObject({ FC_FUNCTION_NAME: 'greet', FC_SERVICE_NAME: 'shop' });
  });

  test('runs in its code folder with a temp folder of its own', async () => {
    const { bench, spec, execution, seen } = await seenBy({});
    expect(seen.cwd).toBe(join(bench.folder, 'code', codeOf(spec.settings).sha256));
    expect(seen.environment['TMPDIR']).toBe(join(bench.folder, 'temp', execution.instanceId));
  });

  test('finds exactly the documented environment, and nothing of the server', async () => {
    const { spec, execution, seen } = await seenBy({
      environment: { GREETING: 'hi', FC_REGION: 'mine', TZ: 'Asia/Tokyo' },
    });
    const tempFolder = seen.environment['TMPDIR'];
    // What a shell adds on its own: the process is started through one.
    const { PWD, OLDPWD, SHLVL, _, ...environment } = seen.environment;
    expect(environment).toEqual({
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TZ: 'Asia/Tokyo',
      HOME: tempFolder,
      TMPDIR: tempFolder,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'key-id',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'key-secret',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'token',
      GREETING: 'hi',
      FC_RUNTIME: spec.settings.runtime,
      FC_TIMEOUT: '20',
      FC_FUNC_CODE_PATH: `${seen.cwd}/`,
      FC_ACCOUNT_ID: '1000000000000000',
      FC_FUNCTION_HANDLER: 'index.handler',
      FC_FUNCTION_MEMORY_SIZE: '128',
      FC_FUNCTION_NAME: 'greet',
      FC_REGION: 'local',
      FC_INSTANCE_ID: execution.instanceId,
      FC_VER_ID: '3',
      MEANWHILE_INSTANCE: execution.instanceId,
      MEANWHILE_DATA_FOLDER_ID: expect.any(String),
    });
  });
});

describe('the log', () => {
  const line = (level: string, text: string): unknown =>
    expect.stringMatching(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z r-1 \\[${level}\\] ${text}$`),
    );

  test("has a mark at each end, and a line of the service's form for each call of console and logger", async () => {
    const { lines, run, spec } = await openBench();
    const { logTail } = await run(await spec('logs.js'));
    expect(logTail.split('\n')).toEqual([
      'FC Invoke Start RequestId: r-1',
      line('verbose', 'log 1'),
      line('info', 'info \\{ a: 1 \\}'),
      line('warn', 'warn'),
      line('error', 'error'),
      line('debug', 'debug'),
      line('info', 'logger info'),
      line('verbose', 'logger log'),
      line('debug', 'logger debug'),
      line('warn', 'logger warn'),
      line('error', 'logger error'),
      'FC Invoke End RequestId: r-1',
      '',
    ]);
    expect(lines.map((text) => `${text}\n`).join('')).toBe(logTail.replaceAll(/^(?=.)/gm, 'r-1 '));
  });

  test('has what went past the console too, before the end mark', async () => {
    const { run, spec } = await openBench();
    const { logTail } = await run(await spec('streams.js'));
    expect(logTail.split('\n').sort()).toEqual(
      ['', 'FC Invoke End RequestId: r-1', 'FC Invoke Start RequestId: r-1', 'err 1', 'out 1', 'out 2', 'out 3'].sort(),
    );
    expect(logTail.endsWith('FC Invoke End RequestId: r-1\n')).toBe(true);
  });

  test('tail is its last 4 KiB, cut between characters', async () => {
    const { run, spec } = await openBench();
    const { logTail } = await run(await spec('long-log.js'));
    expect(Buffer.byteLength(logTail)).toBeGreaterThan(4096 - 4);
    expect(Buffer.byteLength(logTail)).toBeLessThanOrEqual(4096);
    expect(logTail).not.toContain('\ufffd');
    expect(logTail.endsWith('FC Invoke End RequestId: r-1\n')).toBe(true);
  });

  test('of one execution has nothing of the one before', async () => {
    const { run, spec } = await openBench();
    const logs = await spec('logs.js');
    await run(logs, { requestId: 'r-1' });
    expect((await run(logs, { requestId: 'r-2' })).logTail).not.toContain('r-1');
  });
});
