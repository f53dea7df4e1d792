import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeNodeFolder } from './node-folder.ts';

let path = '';

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'meanwhile-node-')), 'made');
});

afterEach(async () => {
  await rm(join(path, '..'), { recursive: true });
});

test('a folder keeps its id and tells who had it last', async () => {
  const first = await takeNodeFolder(path);
  expect(first.formerNodeId).toBeNull();
  await first.keepNodeId('node-1');
  first.unlock();
  const second = await takeNodeFolder(path);
  expect(second).toMatchObject({ folderId: first.folderId, formerNodeId: 'node-1' });
  second.unlock();
});

test('a folder that a server has is no other one’s', async () => {
  const { unlock } = await takeNodeFolder(path);
  await expect(takeNodeFolder(path)).rejects.toThrow('in use by another process');
  unlock();
});

test('a folder whose former node cannot be read is not taken: what that left behind would stay', async () => {
  const first = await takeNodeFolder(path);
  first.unlock();
  await mkdir(join(path, 'node-id'));
  await expect(takeNodeFolder(path)).rejects.toThrow('EISDIR');
  await rm(join(path, 'node-id'), { recursive: true });
  const again = await takeNodeFolder(path);
  expect(again.folderId).toBe(first.folderId);
  again.unlock();
});
