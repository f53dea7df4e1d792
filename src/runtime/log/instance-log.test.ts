import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { InstanceLog } from './instance-log.ts';

function openLog() {
  const lines: string[] = [];
  const source = { instanceId: 'i', account: 'a', functionName: 'f', versionId: '0' };
  const sink = (_source: unknown, requestId: string, line: string): void => void lines.push(`${requestId}|${line}`);
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  return { lines, log: new InstanceLog({ source, sink, monotonic: () => 0, ...streams }) };
}

test('a line belongs to the one execution under way, and to none between executions', () => {
  const { lines, log } = openLog();
  log.line('before');
  log.begin('r-1');
  log.line('in');
  expect(log.end('r-1')).toBe('in\n');
  log.line('after');
  expect(lines).toEqual(['|before', 'r-1|in', '|after']);
});

test('a line that comes while several are under way is in the tail of each, and belongs to none', () => {
  const { lines, log } = openLog();
  log.begin('r-1');
  log.line('one');
  log.begin('r-2');
  log.line('both');
  expect(log.end('r-1')).toBe('one\nboth\n');
  log.line('two');
  expect(log.end('r-2')).toBe('both\ntwo\n');
  expect(lines).toEqual(['r-1|one', '|both', 'r-2|two']);
});

test('an execution that never began has no tail', () => {
  const { log } = openLog();
  log.line('said');
  expect(log.end('r-1')).toBe('');
});
