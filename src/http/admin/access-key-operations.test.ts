import { describe, expect, it } from 'vitest';
import { ensureFirstKey, getAccessKey, type KeyPair } from '../../service/access-keys.ts';
import { CALLER, newBench } from '../../service/context.fixture.ts';
import { caller } from '../shared/operation-call.fixture.ts';
import { ACCESS_KEY_OPERATIONS } from './access-key-operations.ts';

const FIRST: KeyPair = {
  accessKeyId: 'first',
  accessKeySecret: 'secret of the first',
  account: CALLER.account,
  operator: true,
  enabled: true,
  securityToken: null,
};

async function given() {
  const { context } = newBench();
  await ensureFirstKey(context, FIRST);
  return { context, call: caller(ACCESS_KEY_OPERATIONS, context, CALLER.account) };
}

describe('key pairs over HTTP', () => {
  it('are for operators alone', () => {
    expect(ACCESS_KEY_OPERATIONS.every(({ operatorOnly }) => operatorOnly === true)).toBe(true);
  });

  it('show their secret when they are made and never again', async () => {
    const { context, call } = await given();
    const { json } = await call('CreateAccessKey', { json: { account: '42', withSecurityToken: true } });
    const made = json as KeyPair;
    expect(made).toEqual(await getAccessKey(context, made.accessKeyId));
    expect(made).toMatchObject({ account: '42', operator: false });
    const listed = JSON.stringify((await call('ListAccessKeys')).json);
    expect(listed).toContain(made.accessKeyId);
    expect(listed).not.toContain(made.accessKeySecret);
    expect(listed).not.toContain(made.securityToken);
  });

  it('are disabled and deleted', async () => {
    const { context, call } = await given();
    const { accessKeyId } = (await call('CreateAccessKey')).json as KeyPair;
    const path = { accessKeyId };
    expect((await call('UpdateAccessKey', { path, json: { enabled: false } })).json).toEqual({
      accessKeyId,
      account: CALLER.account,
      operator: false,
      enabled: false,
    });
    expect(await call('DeleteAccessKey', { path })).toEqual({ status: 204 });
    expect(await getAccessKey(context, accessKeyId)).toBeUndefined();
  });

  it.each([
    ['UpdateAccessKey', {}, 'enabled is required'],
    ['UpdateAccessKey', { enabled: 'no' }, "enabled must be true or false (actual: 'no')"],
    ['CreateAccessKey', { account: 42 }, 'account must be a string (actual: 42)'],
    ['CreateAccessKey', { account: 'a' }, "account must be 1 to 32 digits (actual: 'a')"],
  ])('refuse %s with %j', async (name, json, message) => {
    const { call } = await given();
    const attempt = call(name, { path: { accessKeyId: 'first' }, json });
    await expect(attempt).rejects.toMatchObject({ code: 'InvalidArgument', message });
  });
});
