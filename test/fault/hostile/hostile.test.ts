/** Functions that mean harm, in every isolation that this machine gives, each beside a function of another account. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBubblewrap } from '../../support/bubblewrap.ts';
import { zipOf } from '../../support/code-package.ts';
import { runMeanwhile } from '../../support/command.ts';
import { createFunction, putAsyncConfig, submit, untilTask } from '../../support/functions.ts';
import { type InvocationAnswer, SdkClient } from '../../support/sdk.ts';
import { type KeyPair, OPERATOR, type Server, startServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';
import { WireLog } from '../../support/wire-log.ts';
import { deployCanary, SECRET, watchCanary } from './canary.ts';
import { type End, HOSTILE, hostileTable, type Isolation } from './cases.ts';
import { DAEMON_SECONDS, FILE_MARK, remaindersOf } from './remainders.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/functions/hostile');
const PAGE = join(import.meta.dirname, '../../../docs/isolation.md');
const isRoot = process.getuid?.() === 0;

const OFFERED: readonly Isolation[] = [
  ...(hasBubblewrap() ? (['bubblewrap'] as const) : []),
  isRoot ? 'users' : 'shared',
];
process.stdout.write(`isolations that hostile functions run in here: ${OFFERED.join(', ')}\n`);

const settingsOf = (isolation: Isolation) => ({
  MEANWHILE_ISOLATION: isolation === 'bubblewrap' ? 'require' : 'process',
  // So that an instance ends with its execution, and what is left of it is seen.
  MEANWHILE_INSTANCE_IDLE_SECONDS: '0',
  MEANWHILE_FUNCTION_LOGS: 'none',
  OTHER: 'canary-server-5ec4e7cc',
});

describe.each(OFFERED)('in the isolation %s', (isolation) => {
  let server: Server;
  let hostile: SdkClient;
  let canary: SdkClient;
  const tookMs: number[] = [];
  const instanceIds = new Set<string>();

  beforeAll(async () => {
    server = await startServer({ env: settingsOf(isolation) });
    hostile = new SdkClient({ host: server.host }, new WireLog());
    canary = new SdkClient({ host: server.host, keyPair: await createKey(server.url) }, new WireLog());
    await deployCanary(canary);
  });
  afterAll(async () => {
    const sorted = tookMs.toSorted((a, b) => a - b);
    const [median = 0, worst = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    process.stdout.write(
      `canary in ${isolation}: ${sorted.length} calls, ${median.toFixed(0)} ms median, ${worst.toFixed(0)} ms at worst\n`,
    );
    await server.stop();
  });

  const suspects = () => ({ dataDir: server.dataDir, serverPid: server.pid, instanceIds });
  const untilNothingIsLeft = () => until('nothing is left', () => remaindersOf(suspects()).length === 0);

  const run = HOSTILE.filter(({ gets }) => gets?.[isolation] === undefined);

  it.each(run)('a function that $does is held', async ({ file, ends, answer, timeoutSeconds = 3 }) => {
    const functionName = file.replace('.js', '');
    const zipFile = (await zipOf({ 'index.js': readFileSync(join(FIXTURES, file), 'utf8') })).toString('base64');
    await createFunction(hostile, { functionName, timeout: timeoutSeconds, more: { code: { zipFile } } });
    const watch = watchCanary(canary);
    const { dataDir, pid: serverPid, url } = server;
    const payload = JSON.stringify({ dataDir, serverPid, url, daemonSeconds: DAEMON_SECONDS, mark: FILE_MARK });
    const answered = await hostile.invoke(functionName, { payload, logType: 'Tail' });
    instanceIds.add(answered.headers['x-fc-instance-id'] ?? '');
    for (const call of await watch.end()) {
      tookMs.push(call.tookMs);
      instanceIds.add(call.instanceId);
    }
    await untilNothingIsLeft();

    const text = answered.body.toString();
    expect(ends).toContain(endOf(answered));
    if (answer !== undefined && endOf(answered) === 'answered') expect(text).toMatch(answer);
    expect(text).not.toMatch(SECRET);
    expect(text).not.toContain(OPERATOR.accessKeySecret);
    await hostile.deleteFunction(functionName);
  });

  it('what it leaves would be seen, and is gone once a server that was killed starts again', async () => {
    const functionName = 'stays';
    const lasting = `exports.handler = async (event, context) => {
      require('node:fs').writeFileSync('/tmp/${FILE_MARK}-stays', '');
      console.log('it runs');
      await new Promise(() => setInterval(() => {}, 1000));
    };`;
    const zipFile = (await zipOf({ 'index.js': lasting })).toString('base64');
    await createFunction(hostile, { functionName, timeout: 600, more: { code: { zipFile } } });
    await putAsyncConfig(hostile, functionName);
    const taskId = await submit(hostile, functionName);
    const { instanceId } = await untilTask(hostile, { functionName, taskId, status: 'Running' });
    instanceIds.add(instanceId ?? '');
    const kinds = () => [...new Set(remaindersOf(suspects()).map((name) => name.split(' ')[0]))];
    const expected = { bubblewrap: ['temp', 'namespace'], users: ['temp', 'file'], shared: ['temp'] }[isolation];
    await until('what it has is seen', () => expected.every((kind) => kinds().includes(kind)));
    await hostile.deleteFunction(functionName);
    await server.kill();
    server = await startServer({ env: settingsOf(isolation), dataDir: server.dataDir });
    await untilNothingIsLeft();
  });
});

it('docs/isolation.md says of each what these tests hold it to', () => {
  expect(readFileSync(PAGE, 'utf8')).toContain(hostileTable());
});

async function createKey(url: string): Promise<KeyPair> {
  const { stdout } = await runMeanwhile(['keys', 'create', '--account', '2000000000000000', '--url', url, '--json'], {
    MEANWHILE_ACCESS_KEY_ID: OPERATOR.accessKeyId,
    MEANWHILE_ACCESS_KEY_SECRET: OPERATOR.accessKeySecret,
  });
  return JSON.parse(stdout) as KeyPair;
}

function endOf({ headers, body }: InvocationAnswer): End {
  if (headers['x-fc-error-type'] === undefined) return 'answered';
  const text = body.toString();
  if (text.includes('timed out')) return 'timed out';
  if (text.includes('ran out of memory')) return 'out of memory';
  return text.includes('Process exited unexpectedly') ? 'exited' : 'error';
}
