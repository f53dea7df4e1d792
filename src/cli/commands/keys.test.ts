import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordingTerminal } from '../recording-terminal.fixture.ts';
import { runCommandLine } from '../run-command-line.ts';
import { KEYS_COMMANDS } from './keys.ts';

const KEY = { accessKeyId: 'ak1', account: '1', enabled: false, operator: true };
const OPERATOR = { MEANWHILE_ACCESS_KEY_ID: 'AKID', MEANWHILE_ACCESS_KEY_SECRET: 'AKSECRET' };

interface Answer {
  readonly status: number;
  readonly body: string;
}

let folder: string;
let server: Server;
let url: string;
let answer: Answer;
let asked: { line: string; body: string; headers: IncomingMessage['headers'] }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meanwhile-keys-'));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, body, headers: request.headers });
      response.writeHead(answer.status).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  asked = [];
  answer = { status: 200, body: '{}' };
});

afterEach(() => rm(join(folder, 'credentials.json'), { force: true }));

async function run(args: string, env: Record<string, string> = { ...OPERATOR, MEANWHILE_URL: url }) {
  const terminal = recordingTerminal(env);
  const exitCode = await runCommandLine(KEYS_COMMANDS, args.split(' '), terminal);
  return { exitCode, printed: terminal.printed, noted: terminal.noted };
}

test('the keys are listed as a table', async () => {
  answer = { status: 200, body: JSON.stringify({ accessKeys: [KEY] }) };
  const { exitCode, printed } = await run('keys list');
  expect(exitCode).toBe(0);
  expect(printed).toEqual(['ACCESS KEY ID  ACCOUNT  STATE     ROLE', 'ak1            1        disabled  operator']);
});

test('the keys are listed as one JSON object', async () => {
  answer = { status: 200, body: JSON.stringify({ accessKeys: [KEY] }) };
  const { printed } = await run('keys list --json');
  expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual([{ accessKeys: [KEY] }]);
});

test('a key is made for an account, with a token, and its secret printed', async () => {
  const key = { accessKeyId: 'ak2', accessKeySecret: 'sk2', account: '2', securityToken: 'tok' };
  answer = { status: 200, body: JSON.stringify(key) };
  const { exitCode, printed } = await run('keys create --account 2 --security-token');
  expect(exitCode).toBe(0);
  expect(asked[0]?.line).toBe('POST /meanwhile/access-keys');
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ account: '2', operator: false, withSecurityToken: true });
  expect(printed.join('\n')).toMatch(/ak2[^]*sk2[^]*tok/);
});

test.for([
  ['enable', 'PUT /meanwhile/access-keys/a%2Fb {"enabled":true}', 'enabled a/b'],
  ['disable', 'PUT /meanwhile/access-keys/a%2Fb {"enabled":false}', 'disabled a/b'],
  ['delete', 'DELETE /meanwhile/access-keys/a%2Fb ', 'deleted a/b'],
] as const)('%s does that to the key it names', async ([verb, sent, noted]) => {
  answer = { status: 204, body: '' };
  const result = await run(`keys ${verb} a/b`);
  expect(result).toEqual({ exitCode: 0, printed: [], noted: [noted] });
  expect(asked.map(({ line, body }) => `${line} ${body}`)).toEqual([sent]);
});

test('a refusal is shown in the words of the server', async () => {
  answer = { status: 403, body: '{"Code":"AccessDenied","Message":"only the operator may","RequestId":"r"}' };
  const { exitCode, noted } = await run('keys list');
  expect(exitCode).toBe(1);
  expect(noted).toEqual(['meanwhile: the server refused (403 AccessDenied): only the operator may']);
});

test('a server of another kind is told apart', async () => {
  answer = { status: 200, body: '<html>' };
  const { exitCode, noted } = await run('keys list');
  expect(exitCode).toBe(1);
  expect(noted.join()).toContain('no Meanwhile server');
});

test('a server that is not there is named, with what to do', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  const { exitCode, noted } = await run(`keys list --url http://127.0.0.1:${port}`);
  expect({ exitCode, noted: noted.join() }).toEqual({
    exitCode: 1,
    noted: expect.stringMatching(new RegExp(`cannot reach a server at http://127.0.0.1:${port} \\(.+\\). Start one`)),
  });
});

test('a port that no client of HTTP asks is said to be one', async () => {
  const { exitCode, noted } = await run('keys list --url http://127.0.0.1:1');
  expect(exitCode).toBe(1);
  expect(noted.join()).toMatch(/cannot reach a server at http:\/\/127\.0\.0\.1:1 \(bad port\)\. .+ serve --listen/);
});

test.for(['/x/', '/x', '?a=b', '#a'])('an address with %s is refused, and what it should be is said', async (rest) => {
  const { exitCode, noted } = await run(`keys list --url ${url}${rest}`);
  expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
  expect(noted[0]).toMatch(new RegExp(`write ${url}$`));
});

test('an address that ends in a slash is taken', async () => {
  answer = { status: 200, body: '{"accessKeys":[]}' };
  expect((await run(`keys list --url ${url}/`)).exitCode).toBe(0);
});

test.for(['127.0.0.1:8383', 'ftp://127.0.0.1', 'x'])('%s is no URL', async (given) => {
  const { exitCode, noted } = await run(`keys list --url ${given}`);
  expect(exitCode).toBe(2);
  expect(noted[0]).toContain('is no URL of a server');
});

test('the pair is taken from the environment before the data folder', async () => {
  await writeFile(join(folder, 'credentials.json'), '{"accessKeyId":"of-file","accessKeySecret":"s"}');
  answer = { status: 200, body: '{"accessKeys":[]}' };
  await run(`keys list --url ${url} --data-dir ${folder}`, OPERATOR);
  await run(`keys list --url ${url} --data-dir ${folder}`, {});
  await run(`keys list --url ${url}`, { MEANWHILE_DATA_DIR: folder });
  expect(asked.map(({ headers }) => /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
    'AKID',
    'of-file',
    'of-file',
  ]);
});

test.for([
  ['MEANWHILE_ACCESS_KEY_ID', 'MEANWHILE_ACCESS_KEY_SECRET'],
  ['MEANWHILE_ACCESS_KEY_SECRET', 'MEANWHILE_ACCESS_KEY_ID'],
] as const)('%s without %s is refused, though the data folder has a pair', async ([given, missing]) => {
  await writeFile(join(folder, 'credentials.json'), '{"accessKeyId":"of-file","accessKeySecret":"s"}');
  const { exitCode, noted } = await run(`keys list --url ${url} --data-dir ${folder}`, { [given]: 'half' });
  expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
  expect(noted[0]).toContain(`${given} is given without ${missing}`);
});

test('an empty data folder is refused, and not taken for the working directory', async () => {
  const { exitCode, noted } = await run(`keys list --url ${url} --data-dir=`, {});
  expect({ exitCode, noted: noted[0] }).toEqual({ exitCode: 2, noted: 'meanwhile: --data-dir must be a path, not ""' });
});

test('without a pair nothing is asked, and the message says where one could be', async () => {
  const { exitCode, noted } = await run(`keys list --url ${url} --data-dir ${folder}`, {});
  expect({ exitCode, asked }).toEqual({ exitCode: 1, asked: [] });
  expect(noted.join()).toContain(join(folder, 'credentials.json'));
});

test('a key file that is broken is refused without showing what is in it', async () => {
  await writeFile(join(folder, 'credentials.json'), '{"accessKeySecret": hunter2');
  const { exitCode, noted } = await run(`keys list --url ${url} --data-dir ${folder}`, {});
  expect(exitCode).toBe(1);
  expect(noted.join()).toContain('holds no key pair');
  expect(noted.join()).not.toContain('hunter2');
});
