/**
 * `npm run demo [-- --exit]` (`HELP` says more): starts a server on a fresh data folder, deploys the examples, submits 1,000 tasks through
 * the official SDK, and shows what became of them. Then it serves on until Ctrl-C, or ends with `--exit`. Exits with 1
 * when anything is not as it must be. Leaves neither files nor processes behind.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { DemoClient } from './demo/demo-client.ts';
import { DELIVERED_COUNT, DEMO_FUNCTIONS, plannedTasks } from './demo/demo-plan.ts';
import { type DemoServer, startDemoServer } from './demo/demo-server.ts';
import { Progress } from './demo/progress.ts';
import { outcomeTable, speeds, unexpected } from './demo/report.ts';
import { stopOne, submitAll, waitForEnds } from './demo/run-tasks.ts';

const PROBLEMS_SHOWN = 20;

const HELP = `Starts a server on a fresh data folder, deploys the functions of examples/, submits 1,000 tasks and shows what became of them.

Usage: npm run demo -- [options]

  --exit      ends then; else the server runs on until Ctrl-C
  -h, --help  this
`;

const values = readOptions();
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

// A handler keeps the signal from ending this process before the server has ended.
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const server = await startDemoServer();
const outcome = await Promise.race([
  demonstrate(server).then((problems) => ({ problems })),
  interrupted.then(() => 'interrupted' as const),
  server.ended.then(({ log }) => ({ problems: [`the server ended by itself:\n${log}`] })),
]);
const problems = outcome === 'interrupted' ? [] : outcome.problems;
for (const problem of problems.slice(0, PROBLEMS_SHOWN)) console.error(`demo: ${problem}`);
if (problems.length > PROBLEMS_SHOWN) console.error(`demo: and ${problems.length - PROBLEMS_SHOWN} more`);

if (outcome !== 'interrupted' && problems.length === 0 && !values.exit) {
  showHowToGoOn(server);
  await Promise.race([interrupted, server.ended]);
}
const { exitCode, log } = await server.stop();
if (exitCode !== 0) console.error(`demo: the server ended with ${exitCode}:\n${log}`);
process.exit(problems.length === 0 && exitCode === 0 ? 0 : 1);

function readOptions(): { readonly exit: boolean; readonly help: boolean } {
  const options = {
    exit: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}. See --help.\n`);
    process.exit(2);
  }
}

/** Gives what is not as it must be. */
async function demonstrate(running: DemoServer): Promise<string[]> {
  try {
    return await runAndReport(running);
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

async function runAndReport(running: DemoServer): Promise<string[]> {
  const client = new DemoClient(running);
  console.log(`A server runs at ${running.url.origin}, with its data in ${running.dataDir}`);
  await Promise.all(DEMO_FUNCTIONS.map((deployed) => client.deploy(deployed)));
  console.log(`${DEMO_FUNCTIONS.length} functions are deployed from examples/`);

  const tasks = plannedTasks();
  const stopping = stopOne(client);
  const [submitMs] = await Promise.all([submitAll(client, tasks, new Progress('accepted', tasks.length)), stopping]);
  const count = tasks.length + DELIVERED_COUNT;
  await waitForEnds(running.url, count, new Progress('ended', count));

  const found = new Map(
    await Promise.all(
      DEMO_FUNCTIONS.map(async ({ functionName }) => [functionName, await client.listTasks(functionName)] as const),
    ),
  );
  console.log(`\n${outcomeTable(found).join('\n')}\n`);
  for (const sentence of speeds(found, { submitMs, submitted: tasks.length })) console.log(sentence);
  return unexpected(tasks, found);
}

function showHowToGoOn({ url, accessKeyId, accessKeySecret }: DemoServer): void {
  console.log(`
The server runs on, until Ctrl-C. In another terminal:

  curl ${url.origin}/healthz
  curl ${url.origin}/metrics
  MEANWHILE_URL=${url.origin} MEANWHILE_ACCESS_KEY_ID=${accessKeyId} \\
    MEANWHILE_ACCESS_KEY_SECRET=${accessKeySecret} node bin/meanwhile.js keys list

With the official SDK:

  const client = new Fc.default(new $OpenApiUtil.Config({
    accessKeyId: '${accessKeyId}',
    accessKeySecret: '${accessKeySecret}',
    endpoint: '${url.host}',
    protocol: 'HTTP',
  }));
  await client.listAsyncTasks('flaky', new ListAsyncTasksRequest({ status: 'Failed' }));
`);
}
