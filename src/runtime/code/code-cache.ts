/** Extracted code packages, one folder each, named by the hash of the zip. Lost folders are made again from the store. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Launcher } from '../process/parent-death.ts';
import { type ExtractionReport, extract } from './extraction.ts';
import { isThere } from './is-there.ts';
import { removeTree } from './remove-tree.ts';

export interface CodeCacheOptions {
  /** Made when it does not exist; nothing else may write there. */
  readonly folder: string;
  /** Gives a stored zip; undefined when there is none. */
  readonly loadPackage: (sha256: string) => Promise<Uint8Array | undefined>;
  readonly launcher: Launcher;
}

/** Work in progress: what a killed server leaves is known by it. */
export const UNFINISHED = 'extracting-';
const READ_ONLY_FOLDER = 0o555;
/**
 * Node looks for `package.json` in the folders above a module: without one here, a data folder inside a project of ES
 * modules would turn every CommonJS function into one that does not load.
 */
const SCOPE_END = '{}\n';

export class CodeCache {
  readonly #options: CodeCacheOptions;
  readonly #ensuring = new Map<string, Promise<string>>();

  constructor(options: CodeCacheOptions) {
    this.#options = options;
  }

  /** Removes what was being extracted when a former life ended. To be awaited before anything else. */
  async open(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), SCOPE_END);
    const names = await readdir(folder);
    await Promise.all(
      names.filter((name) => name.startsWith(UNFINISHED)).map((name) => removeTree(join(folder, name))),
    );
  }

  /** Checks a package and unpacks it. `problem` names the entry and the rule. */
  async admit(zip: Uint8Array): Promise<ExtractionReport> {
    const work = join(this.#options.folder, `${UNFINISHED}${randomUUID()}`);
    const tree = join(work, 'tree');
    try {
      await mkdir(tree, { recursive: true });
      await writeFile(join(work, 'package.zip'), zip);
      const report = await extract(join(work, 'package.zip'), tree, this.#options.launcher);
      if ('package' in report) await this.#place(tree, report.package.sha256);
      return report;
    } finally {
      await removeTree(work);
    }
  }

  /**
   * The folder of a package, extracted from the stored zip when it is not there. Calls for one package share the work.
   *
   * @throws Error when the package is not stored, or no longer passes the rules
   */
  ensure(sha256: string): Promise<string> {
    const known = this.#ensuring.get(sha256);
    if (known !== undefined) return known;
    const ensuring = this.#ensure(sha256).finally(() => this.#ensuring.delete(sha256));
    this.#ensuring.set(sha256, ensuring);
    return ensuring;
  }

  /** Removes an extracted package. Instances that run from it lose their files: none may. */
  async remove(sha256: string): Promise<void> {
    await removeTree(this.#folderOf(sha256));
  }

  async #ensure(sha256: string): Promise<string> {
    const folder = this.#folderOf(sha256);
    if (await isThere(folder)) return folder;
    const zip = await this.#options.loadPackage(sha256);
    if (zip === undefined) throw new Error(`code package ${sha256} is not stored`);
    const report = await this.admit(zip);
    if ('problem' in report) throw new Error(report.problem);
    if (report.package.sha256 !== sha256) throw new Error(`code package ${sha256} is damaged in the store`);
    return folder;
  }

  /** In one step, so that a folder of this name is always whole. Another one that was first is as good. */
  async #place(tree: string, sha256: string): Promise<void> {
    const folder = this.#folderOf(sha256);
    if (await isThere(folder)) return;
    try {
      await rename(tree, folder);
    } catch (error) {
      if (!(await isThere(folder))) throw error;
      return;
    }
    // Only now: a folder that cannot be written cannot be moved either.
    await chmod(folder, READ_ONLY_FOLDER);
  }

  #folderOf(sha256: string): string {
    return join(this.#options.folder, sha256);
  }
}
