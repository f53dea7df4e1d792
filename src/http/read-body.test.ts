import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';
import { readBody } from './read-body.ts';

function request(headers: Record<string, string> = { 'transfer-encoding': 'chunked' }): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.headers = headers;
  return message;
}

describe('a body', () => {
  test.each([{}, { 'content-length': '0' }])('that was not announced is empty (%o)', async (headers) => {
    expect(await readBody(request(headers), { bytesMax: 1, budget: new BodyBudget() })).toHaveLength(0);
  });

  test('is whole when it ends, and counts until it is given back', async () => {
    const budget = new BodyBudget();
    const message = request();
    const body = readBody(message, { bytesMax: 10, budget });
    for (const piece of ['ab', 'cd']) message.push(piece);
    message.push(null);
    expect(Buffer.from(await body).toString()).toBe('abcd');
    expect(budget.usedBytes).toBe(4);
  });

  test('that breaks off is nobody’s, and holds nothing', async () => {
    const budget = new BodyBudget();
    const message = request();
    const body = readBody(message, { bytesMax: 10, budget });
    message.push('ab');
    message.destroy();
    await expect(body).rejects.toThrow('closed before the body was complete');
    expect(budget.usedBytes).toBe(0);
  });

  test('beyond its bound is refused, announced or not', async () => {
    const budget = new BodyBudget();
    expect(() => readBody(request({ 'content-length': '11' }), { bytesMax: 10, budget })).toThrow('(10 bytes)');
    const message = request();
    const body = readBody(message, { bytesMax: 10, budget });
    message.push('01234567890');
    await expect(body).rejects.toMatchObject({ code: 'EntityTooLarge' });
    expect(budget.usedBytes).toBe(0);
  });

  test('that would exceed the memory for all bodies is put off, and the others stay', async () => {
    const budget = new BodyBudget(10);
    budget.take(8);
    const message = request();
    const body = readBody(message, { bytesMax: 10, budget });
    message.push('abc');
    await expect(body).rejects.toMatchObject({ code: 'ResourceThrottled' });
    expect(budget.usedBytes).toBe(8);
  });
});
