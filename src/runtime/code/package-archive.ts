/** Reads a zip file entry by entry, and checks that its parts lie side by side as its directory says. */
import { isUtf8 } from 'node:buffer';
import { type Entry, fromFd, getFileNameLowLevel, type ZipFile } from 'yauzl';
import type { Readable } from 'node:stream';
import { type EntryFacts, plainName } from './entry-rules.ts';

const UNIX = 3;
const ENCRYPTED_FLAG = 1;

/** The package is not what it should be; the message is for the caller. */
export class PackageProblem extends Error {
  override readonly name = 'PackageProblem';
}

export interface ArchiveEntry extends EntryFacts {
  readonly crc32: number;
  open(): Promise<Readable>;
}

/** @throws PackageProblem when it is no zip file */
export async function openArchive(fd: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Raw names: yauzl's own checks stop at the first fault without naming the entry.
    fromFd(fd, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new PackageProblem(`The code package is not a zip file that can be read: ${error.message}.`));
    });
  });
}

/** The entries in the order of the directory. */
export async function* archiveEntries(zip: ZipFile): AsyncGenerator<ArchiveEntry> {
  const regions: Region[] = [];
  for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
    const written = entryName(entry);
    const name = plainName(written);
    regions.push({ name, ...(await regionOf(zip, entry, name)) });
    // The folder of the package itself, which is there.
    if (name === '' && written !== '') continue;
    yield { ...facts(entry, name), crc32: entry.crc32, open: openEntry(zip, entry, name) };
  }
  checkOverlap(regions);
}

/** Names a package's entry in a message: quoted, escaped and bounded. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      zip.removeAllListeners();
      act();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(undefined)));
    zip.once('error', (error: Error) =>
      settle(() => reject(new PackageProblem(`The code package is damaged: ${error.message}.`))),
    );
    zip.readEntry();
  });
}

/** Many tools write UTF-8 without saying so; what is not UTF-8 is in the format's old code page. */
function entryName(entry: Entry): string {
  const raw = entry.fileNameRaw;
  return isUtf8(raw) ? raw.toString() : getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true);
}

function facts(entry: Entry, name: string): EntryFacts {
  return {
    name,
    nameBytes: Buffer.byteLength(name),
    unixMode: entry.versionMadeBy >>> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0,
    encrypted: (entry.generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0,
    compressionMethod: entry.compressionMethod,
  };
}

function openEntry(zip: ZipFile, entry: Entry, name: string): () => Promise<Readable> {
  return () =>
    new Promise((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error === null) resolve(stream);
        else reject(new PackageProblem(`Entry ${quoteName(name)} cannot be read: ${error.message}.`));
      });
    });
}

interface Region {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where an entry's header and data lie. Two headers may describe one entry differently: the names must agree. */
function regionOf(zip: ZipFile, entry: Entry, name: string): Promise<Omit<Region, 'name'>> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: false }, (error, local) => {
      if (error !== null) reject(new PackageProblem(`Entry ${quoteName(name)} cannot be read: ${error.message}.`));
      else if (!local.fileName.equals(entry.fileNameRaw)) {
        reject(new PackageProblem(`Entry ${quoteName(name)} has another name in its own header.`));
      } else {
        resolve({ start: entry.relativeOffsetOfLocalHeader, end: local.fileDataStart + entry.compressedSize });
      }
    });
  });
}

function checkOverlap(regions: readonly Region[]): void {
  const sorted = [...regions].sort((a, b) => a.start - b.start);
  sorted.forEach(({ name, start }, index) => {
    const before = sorted[index - 1];
    if (before !== undefined && start < before.end) {
      throw new PackageProblem(`Entry ${quoteName(name)} overlaps entry ${quoteName(before.name)}.`);
    }
  });
}
