/**
 * What a code package may contain: plain files and directories, under names that stay inside. Whether two names are one
 * file is for the file system to say (`write-tree.ts`). Pure. yauzl 3.4 refuses traversal, absolute names and lying sizes
 * on its own; it was seen to accept symlinks, device nodes, setuid bits, duplicate names, names of 1,200 characters, 70,000
 * entries and any compression ratio.
 */

export interface EntryFacts {
  /** As `plainName` gives it; ends in `/` for a directory. */
  readonly name: string;
  readonly nameBytes: number;
  /** File type and permissions of Unix; 0 when the package was not made on one. */
  readonly unixMode: number;
  readonly encrypted: boolean;
  readonly compressionMethod: number;
}

/** Bytes are bounded anyway, so this bounds the time to write small files. */
const ENTRIES_MAX = 100_000;
const SEGMENT_BYTES_MAX = 255;
const PATH_BYTES_MAX = 1_024;
const DEPTH_MAX = 32;

const TYPE_MASK = 0o170000;
const TYPE_FILE = 0o100000;
const TYPE_DIRECTORY = 0o040000;
const TYPE_SYMLINK = 0o120000;

const STORED = 0;
const DEFLATED = 8;

/** C0, DEL, C1, and the mark of bytes that are no text. */
// biome-ignore format: one range a line reads worse
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

/** What is wrong with the number of entries, as the directory states it: said before the first of them is written. */
export function countProblem(entryCount: number): string | undefined {
  if (entryCount <= ENTRIES_MAX) return undefined;
  return `The code package has ${entryCount} entries; at most ${ENTRIES_MAX} are allowed.`;
}

/** Some tools write `./index.js`; the folder itself, `./`, comes out empty. */
export function plainName(written: string): string {
  return written.replace(/^(?:\.\/)+/, '');
}

/** Checks the entries of one package, in order. */
export class EntryRules {
  /** By name: what is there. Parents of files are directories, listed or not. */
  readonly #kinds = new Map<string, 'file' | 'directory' | 'implied'>();

  /** What is wrong with the next entry, as the rest of a sentence that begins with its name; undefined when nothing is. */
  check(entry: EntryFacts): string | undefined {
    return nameProblem(entry) ?? kindProblem(entry) ?? this.#placeProblem(entry.name);
  }

  #placeProblem(name: string): string | undefined {
    const isDirectory = name.endsWith('/');
    const path = isDirectory ? name.slice(0, -1) : name;
    const segments = path.split('/');
    for (let length = 1; length < segments.length; length += 1) {
      const parent = segments.slice(0, length).join('/');
      if (this.#kinds.get(parent) === 'file') return `is inside of what another entry says is a file`;
      if (!this.#kinds.has(parent)) this.#kinds.set(parent, 'implied');
    }
    const taken = this.#kinds.get(path);
    if (taken !== undefined && !(isDirectory && taken === 'implied')) return 'has the name of another entry';
    this.#kinds.set(path, isDirectory ? 'directory' : 'file');
    return undefined;
  }
}

function nameProblem({ name, nameBytes }: EntryFacts): string | undefined {
  if (name === '' || name === '/') return 'has no name';
  if (CONTROL.test(name)) return 'has a control character or an invalid one in its name';
  if (name.includes('\\')) return 'has a backslash in its name; directories are separated by /';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'has an absolute path';
  if (nameBytes > PATH_BYTES_MAX) return `has a path longer than ${PATH_BYTES_MAX} bytes`;
  const segments = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (segments.length > DEPTH_MAX) return `is deeper than ${DEPTH_MAX} directories`;
  if (segments.some((segment) => segment === '..')) return 'leads out of the package (..)';
  if (segments.some((segment) => segment === '' || segment === '.')) return 'has an empty or . part in its path';
  const tooLong = segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES_MAX);
  return tooLong ? `has a name longer than ${SEGMENT_BYTES_MAX} bytes` : undefined;
}

function kindProblem({ name, unixMode, encrypted, compressionMethod }: EntryFacts): string | undefined {
  if (encrypted) return 'is encrypted';
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    return `is compressed by method ${compressionMethod}; only stored and deflated entries are read`;
  }
  const type = unixMode & TYPE_MASK;
  if (type === TYPE_SYMLINK) return 'is a symbolic link; links are not allowed, pack the file itself (zip without -y)';
  const allowed = name.endsWith('/') ? TYPE_DIRECTORY : TYPE_FILE;
  return type === 0 || type === allowed ? undefined : 'is neither a plain file nor a directory';
}

/** What an extracted file may be: readable by all, writable by none, executable as packed. Never setuid. */
export function extractedMode(unixMode: number): number {
  return 0o444 | (unixMode & 0o111);
}
