/** The rig itself: a disk that lies, and a server that does not sync, are both seen. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import { cutMany } from '../families/power.ts';
import type { DiskEvent } from './disk-events.ts';
import { DiskModel } from './disk-model.ts';
import { missingStrace, record } from './recording.ts';

const WITHOUT_SYNC = pathToFileURL(join(import.meta.dirname, 'without-sync-preload.ts')).href;

const write = (path: string, at: number, text: string): DiskEvent => ({
  kind: 'write',
  path,
  at,
  bytes: Buffer.from(text),
});

/** What a file can be after a cut, over many of them. */
function contentsAfter(...events: readonly DiskEvent[]): Set<string | undefined> {
  const disk = new DiskModel('/root');
  for (const event of events) disk.apply(event);
  const random = new SeededRandom(1);
  const images = Array.from({ length: 200 }, () => disk.afterCut(random).get('/root/f'));
  return new Set(images.map((content) => content?.toString('utf8')));
}

describe('the model of a disk', () => {
  const made: readonly DiskEvent[] = [write('/root/f', 0, 'old'), { kind: 'sync', path: '/root' }];

  it('keeps what was synced, under a name that was synced', () => {
    expect(contentsAfter(...made, { kind: 'sync', path: '/root/f' })).toEqual(new Set(['old']));
  });

  it('may lose what was not synced', () => {
    expect(contentsAfter(...made)).toEqual(new Set(['', 'old']));
  });

  it('may lose a name that was not synced, with all that is in it', () => {
    const synced: DiskEvent = { kind: 'sync', path: '/root/f' };
    expect(contentsAfter(write('/root/f', 0, 'old'), synced)).toEqual(new Set([undefined, 'old']));
  });

  it('tears a write at its sectors, and reorders writes', () => {
    const long = contentsAfter(...made, write('/root/f', 0, 'a'.repeat(512) + 'b'.repeat(512)));
    expect([...long].some((content) => content?.startsWith('old\0') && content.endsWith('b'))).toBe(true);
    expect(
      contentsAfter(...made, { kind: 'sync', path: '/root/f' }, { kind: 'truncate', path: '/root/f', bytes: 1 }),
    ).toEqual(new Set(['o', 'old']));
  });

  it('shows the old file or the new one under a name that was renamed over', () => {
    const contents = contentsAfter(
      ...made,
      { kind: 'sync', path: '/root/f' },
      write('/root/g', 0, 'new'),
      { kind: 'sync', path: '/root/g' },
      { kind: 'rename', from: '/root/g', to: '/root/f' },
    );
    expect(contents).toEqual(new Set(['old', 'new']));
  });
});

describe('a server that does not sync its commits', () => {
  it.skipIf(missingStrace() !== undefined)('is found to lose acknowledged tasks', async () => {
    const random = new SeededRandom(1);
    const recording = await record(random, { NODE_OPTIONS: `--import=${WITHOUT_SYNC}` });
    const { broken } = await cutMany(recording, { random, cuts: 60 });
    expect(broken.some((fault) => fault.endsWith(': lost'))).toBe(true);
    await rm(recording.life.folder, { recursive: true });
  });
});
