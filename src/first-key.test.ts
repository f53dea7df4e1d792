import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prepareFirstKey } from './first-key.ts';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'meanwhile-key-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

const settings = (pair: { accessKeyId: string | null; accessKeySecret: string | null }) => ({
  dataDir,
  accountId: '12',
  ...pair,
});
const agree = async <Pair>(pair: Pair): Promise<Pair> => pair;
const list = async () => [];

const readKept = async () => JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')) as unknown;
const none = { accessKeyId: null, accessKeySecret: null };

describe('the first key pair', () => {
  it('is made once, kept for its owner alone, and shown only by the start that made it', async () => {
    const ensure = vi.fn(async () => undefined);
    const first = await prepareFirstKey(settings(none), { ensure, agree, list });
    expect(first.made?.accessKeyId).toMatch(/^LTAI[A-Za-z0-9]{20}$/);
    expect(first.made?.accessKeySecret).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(first.file).toBe(join(dataDir, 'credentials.json'));
    expect((await stat(first.file ?? '')).mode & 0o777).toBe(0o600);
    const second = await prepareFirstKey(settings(none), { ensure, agree, list });
    expect(second).toEqual({ file: first.file, made: null, others: [] });
    expect(ensure.mock.calls).toEqual([[{ ...first.made, account: '12' }], [{ ...first.made, account: '12' }]]);
  });

  it('is the configured one where there is one, and then nothing is written', async () => {
    const ensure = vi.fn(async () => undefined);
    const pair = { accessKeyId: 'mine', accessKeySecret: 'secret' };
    const { made, file } = await prepareFirstKey(settings(pair), { ensure, agree, list });
    expect({ made, file }).toEqual({ made: null, file: null });
    expect(ensure).toHaveBeenCalledWith({ ...pair, account: '12' });
    await expect(readKept()).rejects.toThrow('ENOENT');
  });

  it('is told apart from the other enabled pairs of operators when it is the configured one', async () => {
    const pair = { accessKeyId: 'mine', accessKeySecret: 'secret' };
    const listed = [
      { accessKeyId: 'mine', operator: true, enabled: true },
      { accessKeyId: 'LTAIformer', operator: true, enabled: true },
      { accessKeyId: 'disabled', operator: true, enabled: false },
      { accessKeyId: 'of-a-user', operator: false, enabled: true },
    ];
    const store = { ensure: async () => undefined, agree, list: async () => listed };
    expect((await prepareFirstKey(settings(pair), store)).others).toEqual(['LTAIformer']);
  });

  it('is the one that another server on the same store made first, and is kept as such', async () => {
    const others = { accessKeyId: 'theirs', accessKeySecret: 'secret', account: '12' };
    const ensure = vi.fn(async () => undefined);
    const { made } = await prepareFirstKey(settings(none), { ensure, agree: async () => others, list });
    expect(made).toBeNull();
    expect(ensure).toHaveBeenCalledWith(others);
    expect(await readKept()).toEqual(others);
  });

  it.each(['', '{', '{}', 'null'])('is refused when the file holds %j', async (text) => {
    await writeFile(join(dataDir, 'credentials.json'), text);
    await expect(prepareFirstKey(settings(none), { ensure: async () => undefined, agree, list })).rejects.toThrow(
      /credentials\.json/,
    );
  });
});
