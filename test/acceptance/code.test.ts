import { GetFunctionCodeRequest, PublishFunctionVersionRequest, PublishVersionInput } from '@alicloud/fc20230330';
import { describe, expect, test } from 'vitest';
import { createFunction, fixtureCode } from '../support/functions.ts';
import { zipOf } from '../support/code-package.ts';
import { jsonOf } from '../support/raw-client.ts';
import { refusalOf } from '../support/sdk.ts';
import { testCoverage, useServer } from './use-server.ts';

const bench = useServer();

describe.concurrent('the code of a function', () => {
  test('can be downloaded from the link, byte for byte', async () => {
    const sdk = bench.sdk();
    const code = await fixtureCode('echo');
    const functionName = await createFunction(sdk, { more: { code } });
    const { body, statusCode } = await sdk.getFunctionCode(functionName, new GetFunctionCodeRequest({ qualifier: '' }));
    expect(statusCode).toBe(200);
    expect(body?.checksum).toMatch(/^\d+$/);
    const download = await fetch(body?.url ?? '');
    expect(download.status).toBe(200);
    expect(Buffer.from(await download.arrayBuffer()).toString('base64')).toBe(code.zipFile);
  });

  test('has the checksum of the service: CRC-64 of the zip', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    const { body } = await sdk.getFunctionCode(functionName, new GetFunctionCodeRequest({}));
    const zip = Buffer.from(await (await fetch(body?.url ?? '')).arrayBuffer());
    expect(body?.checksum).toBe(crc64(zip));
    const code = { zipFile: zip.toString('base64'), checksum: crc64(zip) };
    await createFunction(sdk, { more: { code } });
  });

  test('is that of the version that is asked for', async () => {
    const sdk = bench.sdk();
    const functionName = await createFunction(sdk);
    await sdk.publishFunctionVersion(
      functionName,
      new PublishFunctionVersionRequest({ body: new PublishVersionInput({}) }),
    );
    const zip = await zipOf({ 'index.js': 'exports.handler = async () => "new";' });
    await bench.raw().sendJson('PUT', `/2023-03-30/functions/${functionName}`, {
      code: { zipFile: zip.toString('base64') },
    });
    const checksum = async (qualifier: string) =>
      (await sdk.getFunctionCode(functionName, new GetFunctionCodeRequest({ qualifier }))).body?.checksum;
    expect(await checksum('LATEST')).toBe(crc64(zip));
    expect(await checksum('1')).not.toBe(crc64(zip));
    const ofMissing = sdk.getFunctionCode(functionName, new GetFunctionCodeRequest({ qualifier: '2' }));
    expect(await refusalOf(ofMissing)).toMatchObject({ code: 'VersionNotFound', status: 404 });
  });

  test('of a function that does not exist is a 404', async () => {
    const call = bench.sdk().getFunctionCode('no-such-function', new GetFunctionCodeRequest({}));
    expect(await refusalOf(call)).toMatchObject({ code: 'FunctionNotFound', status: 404 });
  });

  test('cannot be had by a link that was changed', async () => {
    const functionName = await createFunction(bench.sdk());
    const answer = await bench.raw().send({ target: `/2023-03-30/functions/${functionName}/code` });
    const url = String(jsonOf(answer)['url']);
    for (const changed of [`${url}x`, url.slice(0, -1), url.replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'))]) {
      const download = await fetch(changed);
      expect([400, 403, 404]).toContain(download.status);
      await download.arrayBuffer();
    }
  });
});

/** CRC-64/XZ, bit by bit: slow, and plain enough to be believed. */
function crc64(bytes: Uint8Array): string {
  let crc = 0xffffffffffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return (crc ^ 0xffffffffffffffffn).toString();
}

test('the checksum of this file is right: its check value is the published one', () => {
  expect(crc64(Buffer.from('123456789'))).toBe('11051210869376104954');
});

testCoverage('code', bench);
