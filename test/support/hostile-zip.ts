/** Zips that no honest tool makes, written byte by byte. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  /** Unix mode with the file type; default a plain file, 0644. */
  readonly mode?: number;
  /** Bit 0 says that the entry is encrypted. */
  readonly flags?: number;
  /** What the headers say of the unpacked size; default the truth. */
  readonly statedBytes?: number;
}

export const SYMLINK = 0o120777;
export const DEVICE = 0o020666;
const PLAIN_FILE = 0o100644;
const DEFLATED = 8;

export function hostileZip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const [local, central] = records(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** The local header with its data, and the line of the central directory. */
function records(entry: Entry, offset: number): readonly [Buffer, Buffer] {
  const { content = Buffer.alloc(0), mode = PLAIN_FILE, flags = 0 } = entry;
  const name = Buffer.from(entry.name);
  const data = deflateRawSync(content);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(flags, 2);
  shared.writeUInt16LE(DEFLATED, 4);
  shared.writeUInt16LE(0x21, 8); // 1 January 1980: a date must be one
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(entry.statedBytes ?? content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE((3 << 8) | 20, 4); // made on Unix: the upper half of the attributes is the mode
  shared.copy(central, 6);
  central.writeUInt32LE((mode << 16) >>> 0, 38);
  central.writeUInt32LE(offset, 42);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 0x03, 0x04]), shared]);
  return [Buffer.concat([local, name, data]), Buffer.concat([central, name])];
}
