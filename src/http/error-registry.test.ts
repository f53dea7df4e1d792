import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, FcError } from '../core/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { ADMIN_ERRORS } from './admin/errors.ts';
import { ERRORS_2023_03_30 } from './fc-2023-03-30/errors.ts';
import { refusalOf } from './refusal-of.ts';
import { errorReply } from './shared/error-document.ts';
import { ERRORS_2 } from './shared/fc-2/errors.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const DIALECTS = { ADMIN_ERRORS, ERRORS_2023_03_30, ERRORS_2 };

describe.each(Object.entries(DIALECTS))('%s', (_, errors) => {
  test('names every code of the core, and no other', () => {
    expect(Object.keys(errors).sort()).toEqual([...CODES].sort());
  });

  test('gives every code a status that clients take for an error', () => {
    for (const { status } of Object.values(errors)) expect(status).toBeGreaterThanOrEqual(400);
  });

  test('asks to try again only where that can help', () => {
    for (const code of CODES) {
      if (errors[code].status >= 500 || errors[code].status === 429)
        expect([code, ERRORS[code].retryable]).toEqual([code, true]);
    }
  });
});

test('docs/errors.md has a true row for every code', () => {
  const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = document.split('\n').filter((line) => /^\| `\w+` \|/.test(line));
  const expected = CODES.map((code) => {
    const { meaning, retryable } = ERRORS[code];
    const wire = ERRORS_2023_03_30[code];
    const older = ERRORS_2[code];
    expect([code, older.status]).toEqual([code, wire.status]);
    return `| \`${code}\` | \`${wire.code}\` | \`${older.code}\` | ${wire.status} | ${meaning} | ${retryable ? 'yes' : 'no'} |`;
  });
  expect(rows).toEqual(expected);
});

test('an error is told in the members of every SDK', () => {
  const reply = errorReply(ERRORS_2023_03_30, new FcError('TaskNotFound', 'gone'), 'r-1');
  expect(reply).toEqual({
    status: 404,
    json: {
      Code: 'AsyncTaskNotFound',
      Message: 'gone',
      RequestId: 'r-1',
      ErrorCode: 'AsyncTaskNotFound',
      ErrorMessage: 'gone',
    },
  });
});

describe('what is no refusal', () => {
  test('is logged under the request id and told as a fault of the server, without its text', () => {
    const logged: unknown[] = [];
    const logger = { ...silentLogger, error: (fields: unknown) => logged.push(fields) };
    const fault = new TypeError('secret detail');
    const refusal = refusalOf(fault, 'r-1', logger);
    expect(refusal.code).toBe('InternalServerError');
    expect(refusal.message).not.toContain('secret detail');
    expect(logged).toEqual([{ requestId: 'r-1', err: fault }]);
  });

  test('is told as throttling when the store is unavailable', () => {
    const unavailable = Object.assign(new Error('the disk is full'), { name: 'StoreUnavailable' });
    expect(refusalOf(unavailable, 'r-1', silentLogger)).toMatchObject({
      code: 'ResourceThrottled',
      message: 'the disk is full',
    });
  });
});
