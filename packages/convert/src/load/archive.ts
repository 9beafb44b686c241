/**
 * Reads a zip archive from the directory at its end (PKWARE's appnote, 4.3). Each entry is checked against the sizes and the CRC-32 in the directory, so it
 * does not matter whether the entry has them before or after its data (data descriptors). Zip64 uses 64-bit numbers where 32-bit ones overflow; some programs
 * write them for small archives as well. Encrypted archives are rejected.
 */
import { Inflate } from 'fflate';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { MOST_BYTES } from './limits.ts';

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** An archive. */
export interface Archive {
  readonly names: readonly string[];
  /** The bytes of a file. @throws ConvertError if the file does not exist, is damaged, or has more than `most` bytes */
  read(name: string, most: number): Uint8Array;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
/** The signature of the record that says where the 64-bit end begins. */
const LOCATOR = 0x07064b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;
/** The extra field of an entry with 64-bit values for the numbers that overflow in the entry itself. */
const WIDE = 1;
const FULL = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
/** Number of bytes that are unpacked at once, to at most a thousand times as many. */
const PIECE = 2 ** 14;

const damaged = (reason: string): ConvertError => new ConvertError('damaged', messages.damagedArchive(reason));

/** The CRC-32 of each single byte, from ISO 3309. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = (remainders[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * Reads the directory of an archive; nothing is unpacked yet.
 * @throws ConvertError if it is not a whole archive
 */
export function archiveIn(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = entriesIn(bytes, view);
  return {
    names: [...entries.keys()],
    read(name, most) {
      const entry = entries.get(name);
      if (!entry) throw new ConvertError('foreign', messages.notInArchive(name, [...entries.keys()]));
      if (entry.size > Math.min(most, MOST_BYTES))
        throw new ConvertError('tooLarge', messages.tooLarge(name, entry.size, most));
      return contents(bytes, view, name, entry);
    },
  };
}

/** The position of the end record: the last 22 bytes, or those before a comment of up to 64 kB. */
function endOf(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw damaged('it has no directory at its end');
}

/** The begin and end of the directory, and the number of its entries. */
interface Directory {
  readonly at: number;
  readonly end: number;
  readonly count: number;
}

const wideAt = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

function directoryOf(view: DataView): Directory {
  const end = endOf(view);
  const plain = { at: view.getUint32(end + 16, true), end, count: view.getUint16(end + 10, true) };
  const locator = end - 20;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR) {
    const wide = wideAt(view, locator + 8);
    const isThere = wide + 56 <= locator && view.getUint32(wide, true) === END_64;
    if (isThere && wide + 12 + wideAt(view, wide + 4) === locator)
      return { at: wideAt(view, wide + 48), end: wide, count: wideAt(view, wide + 32) };
  }
  if (plain.at === FULL || plain.count === 0xffff) throw damaged('its 64-bit end record is missing');
  return plain;
}

function entriesIn(bytes: Uint8Array, view: DataView): Map<string, Entry> {
  const { at: begin, end, count } = directoryOf(view);
  let at = begin;
  const entries = new Map<string, Entry>();
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) throw damaged('its directory is truncated or changed');
    const [name, entry] = entryAt(bytes, view, at, end);
    if (entries.has(name)) throw damaged(messages.twice(name));
    entries.set(name, entry);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (at !== end) throw damaged('the length of its directory is wrong');
  return entries;
}

function entryAt(bytes: Uint8Array, view: DataView, at: number, end: number): [name: string, entry: Entry] {
  const length = view.getUint16(at + 28, true);
  const fields = at + 46 + length;
  const rest = fields + view.getUint16(at + 30, true);
  if (rest > end) throw damaged('a name in its directory is cut short');
  const name = new TextDecoder().decode(bytes.subarray(at + 46, fields));
  if (view.getUint16(at + 8, true) & 1) throw new ConvertError('foreign', messages.encrypted(name));
  const wide = wideNumbers(view, fields, rest);
  // only the numbers that overflow, in this order
  const number = (from: number): number => {
    const value = view.getUint32(at + from, true);
    return value === FULL ? (wide.shift() ?? value) : value;
  };
  const [size, packed, place] = [number(24), number(20), number(42)];
  return [name, { method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), packed, size, at: place }];
}

/** The 64-bit numbers in the extra fields of an entry. */
function wideNumbers(view: DataView, from: number, to: number): number[] {
  for (let at = from; at + 4 <= to; ) {
    const length = view.getUint16(at + 2, true);
    const isWhole = at + 4 + length <= to;
    if (isWhole && view.getUint16(at, true) === WIDE)
      return Array.from({ length: Math.floor(length / 8) }, (_, i) => wideAt(view, at + 4 + 8 * i));
    at += 4 + length;
  }
  return [];
}

function contents(
  bytes: Uint8Array,
  view: DataView,
  name: string,
  { method, crc, packed, size, at }: Entry,
): Uint8Array {
  if (at + 30 > bytes.length || view.getUint32(at, true) !== FILE) throw damaged(messages.notWhere(name));
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (begin + packed > bytes.length) throw damaged(messages.cutShort(name));
  const data = bytes.subarray(begin, begin + packed);
  const unpacked = unpack(name, data, method, size);
  if (unpacked.length !== size || crc32(unpacked) !== crc) throw damaged(messages.changed(name));
  return unpacked;
}

function unpack(name: string, data: Uint8Array, method: number, size: number): Uint8Array {
  if (method === STORED) return data;
  if (method !== DEFLATED) throw new ConvertError('foreign', messages.packedOtherwise(name, method));
  try {
    return inflated(data, size);
  } catch {
    throw damaged(messages.changed(name));
  }
}

/** Unpacks piece by piece, and stops if there is more data than the directory says. */
function inflated(data: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  let at = 0;
  const inflate = new Inflate(part => {
    result.set(part, at);
    at += part.length;
  });
  for (let from = 0; from < data.length; from += PIECE)
    inflate.push(data.subarray(from, from + PIECE), from + PIECE >= data.length);
  return result.subarray(0, at);
}
