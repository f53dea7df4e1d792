import { describe, expect, it } from 'vitest';
import {
  createAccessKey,
  deleteAccessKey,
  ensureFirstKey,
  getAccessKey,
  type KeyPair,
  listAccessKeys,
  setAccessKeyEnabled,
} from './access-keys.ts';
import { CALLER, newBench } from './context.fixture.ts';

const FIRST: KeyPair = {
  accessKeyId: 'first',
  accessKeySecret: 'secret of the first',
  account: '1000',
  operator: true,
  enabled: true,
  securityToken: null,
};
const PLAIN = { account: null, operator: false, withSecurityToken: false };

async function givenFirst() {
  const { context } = newBench();
  await ensureFirstKey(context, FIRST);
  return context;
}

describe('key pairs', () => {
  it("are made for the caller's account unless another is named", async () => {
    const context = await givenFirst();
    const own = await createAccessKey(context, CALLER, PLAIN);
    expect(own).toMatchObject({ account: CALLER.account, operator: false, enabled: true, securityToken: null });
    expect(own.accessKeyId).toMatch(/^MW[0-9A-F]{20}$/);
    expect(own.accessKeySecret).toMatch(/^[0-9a-f]{64}$/);
    expect(await getAccessKey(context, own.accessKeyId)).toEqual(own);
    const other = await createAccessKey(context, CALLER, { account: '77', operator: true, withSecurityToken: true });
    expect(other).toMatchObject({ account: '77', operator: true });
    expect(other.securityToken).toMatch(/^[0-9a-f]{64}$/);
    // The 2016 SDK sends a token only where the id begins so.
    expect(other.accessKeyId).toMatch(/^STS\.MW[0-9A-F]{20}$/);
  });

  it.each(['', 'abc', '1'.repeat(33)])('are not made for the account %j', async (account) => {
    const context = await givenFirst();
    await expect(createAccessKey(context, CALLER, { ...PLAIN, account })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining(`'${account}'`),
    });
  });

  it('are listed without what is secret', async () => {
    const context = await givenFirst();
    await createAccessKey(context, CALLER, { ...PLAIN, withSecurityToken: true });
    const listed = await listAccessKeys(context);
    expect(listed).toHaveLength(2);
    expect(listed.every((pair) => !('accessKeySecret' in pair) && !('securityToken' in pair))).toBe(true);
  });

  it('are disabled, enabled and deleted', async () => {
    const context = await givenFirst();
    const { accessKeyId } = await createAccessKey(context, CALLER, PLAIN);
    expect(await setAccessKeyEnabled(context, { accessKeyId, enabled: false })).not.toHaveProperty('accessKeySecret');
    expect(await getAccessKey(context, accessKeyId)).toMatchObject({ enabled: false });
    await setAccessKeyEnabled(context, { accessKeyId, enabled: true });
    expect(await getAccessKey(context, accessKeyId)).toMatchObject({ enabled: true });
    await deleteAccessKey(context, accessKeyId);
    expect(await getAccessKey(context, accessKeyId)).toBeUndefined();
  });

  it('keep one enabled pair of an operator', async () => {
    const context = await givenFirst();
    const attempts = [
      async () => await setAccessKeyEnabled(context, { accessKeyId: 'first', enabled: false }),
      async () => await deleteAccessKey(context, 'first'),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'InvalidArgument' });
    await createAccessKey(context, CALLER, { ...PLAIN, operator: true });
    await deleteAccessKey(context, 'first');
    expect(await getAccessKey(context, 'first')).toBeUndefined();
  });

  it('that do not exist are refused by name', async () => {
    const context = await givenFirst();
    const message = "access key 'nobody' does not exist";
    await expect(deleteAccessKey(context, 'nobody')).rejects.toMatchObject({ message });
    await expect(setAccessKeyEnabled(context, { accessKeyId: 'nobody', enabled: true })).rejects.toMatchObject({
      message,
    });
  });

  it('of names that nothing has are asked of no store', async () => {
    const { context } = newBench((store) => ({
      getRecord: async (kind, path) => {
        if (path.includes('a\0b')) throw new Error('asked');
        return await store.getRecord(kind, path);
      },
    }));
    expect(await getAccessKey(context, 'a\0b')).toBeUndefined();
    expect(await getAccessKey(context, '')).toBeUndefined();
  });
});

describe('the first pair', () => {
  it('stays as it is at the next start, also when it was disabled', async () => {
    const context = await givenFirst();
    await createAccessKey(context, CALLER, { ...PLAIN, operator: true });
    await setAccessKeyEnabled(context, { accessKeyId: 'first', enabled: false });
    await ensureFirstKey(context, FIRST);
    expect(await getAccessKey(context, 'first')).toMatchObject({ enabled: false });
  });

  it('is replaced when the settings name another secret or account', async () => {
    const context = await givenFirst();
    for (const changed of [
      { ...FIRST, accessKeySecret: 'another' },
      { ...FIRST, account: '2000' },
    ]) {
      await ensureFirstKey(context, changed);
      expect(await getAccessKey(context, 'first')).toEqual(changed);
    }
  });
});
