/**
 * The folder that stands for `/opt`: what the layers of a function hold together. One layer is its extracted package
 * as it is; of several, one tree of hard links, so that it costs names and no bytes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsedLayer } from '../../core/resources.ts';
import { UNFINISHED } from './code-cache.ts';
import { isThere } from './is-there.ts';
import { removeTree } from './remove-tree.ts';

export interface LayerFoldersOptions {
  /** That of the extracted packages: links do not reach into another file system. */
  readonly folder: string;
  /** Gives the read-only folder of an extracted package. */
  readonly ensureCode: (sha256: string) => Promise<string>;
}

const MERGED = 'layers-';
const WRITABLE_FOLDER = 0o755;
const READ_ONLY_FOLDER = 0o555;

export class LayerFolders {
  readonly #options: LayerFoldersOptions;
  readonly #merging = new Map<string, Promise<string>>();

  constructor(options: LayerFoldersOptions) {
    this.#options = options;
  }

  /** Removes what a former life merged: nobody says when it is not used any more, and it is quick to make again. */
  async open(): Promise<void> {
    const { folder } = this.#options;
    const names = await readdir(folder);
    await Promise.all(names.filter((name) => name.startsWith(MERGED)).map((name) => removeTree(join(folder, name))));
  }

  /** Undefined without layers. Of files with one name that of the first layer counts. */
  async ensure(layers: readonly UsedLayer[]): Promise<string | undefined> {
    const { folder, ensureCode } = this.#options;
    const sources = await Promise.all(layers.map(({ code }) => ensureCode(code.sha256)));
    if (sources.length < 2) return sources[0];
    const digest = createHash('sha256').update(sources.join('\n')).digest('hex');
    const merged = join(folder, `${MERGED}${digest}`);
    const known = this.#merging.get(merged);
    if (known !== undefined) return await known;
    const merging = this.#merge(sources, merged).finally(() => this.#merging.delete(merged));
    this.#merging.set(merged, merging);
    return await merging;
  }

  async #merge(sources: readonly string[], merged: string): Promise<string> {
    if (await isThere(merged)) return merged;
    const work = join(this.#options.folder, `${UNFINISHED}${randomUUID()}`);
    try {
      await mkdir(work, { mode: WRITABLE_FOLDER });
      for (const source of sources.toReversed()) await layOver(source, work);
      await rename(work, merged);
      await closeFolders(merged);
      return merged;
    } finally {
      await removeTree(work);
    }
  }
}

/** What stands in the way is replaced, whether file or folder. */
async function layOver(source: string, target: string): Promise<void> {
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    const there = await stat(to).catch(() => undefined);
    if (there !== undefined && !(there.isDirectory() && entry.isDirectory())) await rm(to, { recursive: true });
    if (entry.isDirectory()) {
      await mkdir(to, { recursive: true, mode: WRITABLE_FOLDER });
      await layOver(from, to);
    } else {
      await link(from, to);
    }
  }
}

async function closeFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await closeFolders(join(folder, entry.name));
  }
  await chmod(folder, READ_ONLY_FOLDER);
}
