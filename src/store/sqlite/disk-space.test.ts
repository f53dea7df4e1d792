import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskSpace } from './disk-space.ts';
import { makeFolder } from './temporary-store.fixture.ts';
import type { Health } from './thread-protocol.ts';

const MIB = 1024 * 1024;
let folder = '';
let free = 0;
let changes: Health[] = [];

beforeEach(async () => {
  folder = await makeFolder();
  free = 100 * MIB;
  changes = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const reserveFile = (): string => join(folder, 'reserve');
const open = (): DiskSpace =>
  new DiskSpace({
    folder,
    reserveFile: reserveFile(),
    reserveBytes: 2 * MIB + 5,
    lowWaterBytes: 10 * MIB,
    onChange: (health) => changes.push(health),
    freeBytes: () => free,
  });

it('keeps a reserve of the asked size and refuses nothing', async () => {
  const disk = open();
  expect(disk.refusal()).toBeUndefined();
  expect((await stat(reserveFile())).size).toBe(2 * MIB + 5);
  expect(changes).toEqual([]);
});

it('refuses below the low-water mark and accepts again above it, each told once', () => {
  const disk = open();
  free = 9 * MIB;
  disk.check();
  disk.check();
  expect(disk.refusal()).toContain(folder);
  expect(existsSync(reserveFile())).toBe(true);
  free = 10 * MIB;
  disk.check();
  expect(disk.refusal()).toBeUndefined();
  expect(changes.map(({ ok }) => ok)).toEqual([false, true]);
});

it('gives up the reserve when the disk is full, and is green only when it has one again', () => {
  const disk = open();
  disk.ranFull();
  expect(existsSync(reserveFile())).toBe(false);
  free = 11 * MIB;
  disk.check();
  expect(disk.refusal()).toContain('free at least');
  free = 13 * MIB;
  disk.check();
  expect(disk.refusal()).toBeUndefined();
  expect(existsSync(reserveFile())).toBe(true);
});

it('starts red on a disk that is nearly full', () => {
  free = 11 * MIB;
  expect(open().health.ok).toBe(false);
});

it('says what is wrong with its reserve where that is not a lack of room', async () => {
  const disk = open();
  disk.ranFull();
  await rm(folder, { recursive: true });
  disk.check();
  expect(disk.refusal()).toContain(`${reserveFile()} cannot be written (ENOENT`);
});
