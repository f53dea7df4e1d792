/**
 * The controls of faults of several nodes, loaded into a server before its own code: takes one guard out. What then
 * breaks no promise proves nothing. It changes the driver, a timer of Node's and its sockets, so that the product holds
 * nothing for it; a guard that it no longer finds fails the control.
 */
import { Socket } from 'node:net';
import { Client } from 'pg';

/** What the alarm logs when it goes off, by which its timer is known. */
const ALARM = 'the lease could not be renewed';

type Rewrite = readonly [statement: string, ...replacements: readonly (readonly [from: string, to: string])[]];

const ANY_SERVER_CHANGES = [
  ['left(pg_walfile_name(pg_current_wal_lsn()), 8)', "'00000001'"],
  ["pg_current_wal_flush_lsn() - '0/0'::pg_lsn", '9000000000000000000'],
] as const;
const ANY_SERVER: Rewrite = ['identify', ...ANY_SERVER_CHANGES];

/** By the name of the statement. */
const REWRITES: Readonly<Record<string, readonly Rewrite[]>> = {
  // Without the fence alone the attempt still tells nearly every stale claim from a new one; with neither, the status does not.
  'attempt and fence': [
    ['update_tasks', [' AND task.attempt = change.guard_attempt AND task.fence = change.guard_fence', '']],
  ],
  'newest server': [ANY_SERVER],
  // The log of a server that lost commits ends before what was seen of it, so that guard goes too.
  'synchronous commit': [
    ['set_up', ["THEN 'remote_apply' ELSE 'on' END", "THEN 'remote_apply' ELSE 'off' END"]],
    [ANY_SERVER[0], ["current_setting('synchronous_commit')", "'on'"], ...ANY_SERVER_CHANGES],
  ],
  rescue: [['read_lapsed', ['LIMIT $1', 'AND $1 < 0 LIMIT $1']]],
};

const guard = process.env['FAULT_WITHOUT_GUARD'] ?? '';

type Query = (this: Client, config: { name?: string; text: string }, ...rest: unknown[]) => unknown;

function rewriteStatements(rewrites: readonly Rewrite[]): void {
  const original = Client.prototype.query as unknown as Query;
  const query: Query = function (config, ...rest) {
    const [, ...replacements] = rewrites.find(([statement]) => statement === config.name) ?? [''];
    const text = replacements.reduce((before, [from, to]) => replaceSurely(before, from, to), config.text);
    return original.call(this, replacements.length === 0 ? config : { ...config, text }, ...rest);
  };
  Client.prototype.query = query as unknown as typeof Client.prototype.query;
}

function replaceSurely(text: string, from: string, to: string): string {
  if (text.includes(from)) return text.replaceAll(from, to);
  process.stderr.write(`a guard that is to be taken out is not there: ${from}\n`);
  process.exit(1);
}

/** The alarm that ends what runs before the lease does. */
function silenceAlarm(): void {
  const original: (callback: () => void, ms?: number, ...rest: unknown[]) => NodeJS.Timeout = setTimeout;
  const silenced = (callback: () => void, ms?: number, ...rest: unknown[]): NodeJS.Timeout => {
    return original(String(callback).includes(ALARM) ? () => undefined : callback, ms, ...rest);
  };
  globalThis.setTimeout = Object.assign(silenced, original) as unknown as typeof setTimeout;
}

type Write = (this: Socket, ...args: readonly unknown[]) => boolean;

/** A caller hears of success where nobody knows what became of the task. */
function tellSuccess(): void {
  const write = Socket.prototype.write as unknown as Write;
  Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
    const [data, ...rest] = args;
    const told = typeof data === 'string' ? data.replace(/^HTTP\/1\.1 503 /, 'HTTP/1.1 202 ') : data;
    return write.call(this, told, ...rest);
  };
}

if (guard === 'self-fencing') silenceAlarm();
else if (guard === 'unknown outcome') tellSuccess();
else rewriteStatements(REWRITES[guard] ?? []);
