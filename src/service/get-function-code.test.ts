import { describe, expect, it } from 'vitest';
import { sealCodeLink, unsealCodeLink } from './code-link.ts';
import { CALLER, givenFunction, newBench, STRANGER } from './context.fixture.ts';
import { createAlias } from './create-alias.ts';
import { getFunction } from './get-function.ts';
import { getFunctionCode } from './get-function-code.ts';
import { openCodeLink } from './open-code-link.ts';
import { publishVersion } from './publish-version.ts';
import { updateFunction } from './update-function.ts';

/** Version 1 with "a zip", then a head with another; `prod` is version 1. */
async function givenTwoCodes() {
  const bench = newBench();
  await givenFunction(bench);
  await publishVersion(bench.context, CALLER, { functionName: 'f', description: '' });
  const alias = { aliasName: 'prod', versionId: '1', description: '', additionalVersionWeight: null };
  await createAlias(bench.context, CALLER, { functionName: 'f', ...alias });
  bench.time.nowMs += 1000;
  const code = { zip: Buffer.from('newer zip'), checksum: null };
  await updateFunction(bench.context, CALLER, { functionName: 'f', settings: { timeoutSeconds: 60 }, code });
  return bench;
}

describe('reading a function by qualifier', () => {
  it.each([
    ['', 60],
    ['LATEST', 60],
    ['1', 3],
    ['prod', 3],
  ])('finds the settings of %j', async (qualifier, timeoutSeconds) => {
    const { context } = await givenTwoCodes();
    const found = await getFunction(context, CALLER, { functionName: 'f', qualifier });
    expect(found.settings.timeoutSeconds).toBe(timeoutSeconds);
    expect(found.modifiedAtMs - found.record.createdAtMs).toBe(timeoutSeconds === 60 ? 1000 : 0);
  });

  it.each([
    ['2', 'VersionNotFound'],
    ['test', 'AliasNotFound'],
    ['a.b', 'InvalidArgument'],
  ])('refuses %j with %s', async (qualifier, code) => {
    const { context } = await givenTwoCodes();
    await expect(getFunction(context, CALLER, { functionName: 'f', qualifier })).rejects.toMatchObject({ code });
  });
});

describe('a download link', () => {
  it.each([
    ['', 'newer zip'],
    ['1', 'a zip'],
    ['prod', 'a zip'],
  ])('leads to the code of %j for a while', async (qualifier, zip) => {
    const { context, time } = await givenTwoCodes();
    const { linkToken, checksum } = await getFunctionCode(context, CALLER, { functionName: 'f', qualifier });
    expect(linkToken).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(checksum).toMatch(/^\d+$/);
    expect(Buffer.from(await openCodeLink(context, linkToken)).toString()).toBe(zip);
    time.nowMs += 10 * 60_000;
    await expect(openCodeLink(context, linkToken)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it("is not made for a stranger's function", async () => {
    const { context } = await givenTwoCodes();
    const input = { functionName: 'f', qualifier: '' };
    await expect(getFunctionCode(context, STRANGER, input)).rejects.toMatchObject({ code: 'FunctionNotFound' });
  });

  it('says so when the package is gone', async () => {
    const { context, store } = await givenTwoCodes();
    const { linkToken } = await getFunctionCode(context, CALLER, { functionName: 'f', qualifier: '' });
    await store.deletePackages((await store.listPackages()).map(({ sha256 }) => sha256));
    await expect(openCodeLink(context, linkToken)).rejects.toMatchObject({ code: 'FunctionNotFound' });
  });

  it('cannot be changed, cut, or made with another key', () => {
    const key = new Uint8Array(32).fill(1);
    const link = { account: '1', sha256: 'ab', expiresAtMs: 5 };
    const token = sealCodeLink(key, link);
    expect(unsealCodeLink(key, token)).toEqual(link);
    const bytes = Buffer.from(token, 'base64url');
    for (let index = 0; index < bytes.byteLength; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(unsealCodeLink(key, changed.toString('base64url'))).toBeUndefined();
    }
    for (const wrong of ['', 'a', token.slice(0, 40), sealCodeLink(new Uint8Array(32), link)]) {
      expect(unsealCodeLink(key, wrong)).toBeUndefined();
    }
  });
});
