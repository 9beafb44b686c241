/** Reads the lines of a file of any size: JavaScript has no strings of more than 512 MB. */

export interface Line {
  /** With its line break. */
  readonly text: string;
  /** The position of its end in the file, in bytes. */
  readonly end: number;
  /** False for text after the last line break. */
  readonly isWhole: boolean;
}

const BREAK = 0x0a;
const QUOTE = 0x22;
/** Bytes read at once. */
const BLOCK = 2 ** 20;
/** We never write longer lines; a longer one ends the reading. */
const LONGEST = 64 * BLOCK;

/** Reads into a block, starting at this byte of the file, and returns the number of bytes read; 0 at the end. */
export type ReadBlock = (block: Uint8Array, at: number) => number;

/** Whether a line break within quotes belongs to the line: in CSV it does. */
export type Quoting = 'csv' | 'none';

/** The lines of a file in order; an incomplete one comes last. In UTF-8, no character contains the byte of a line break or quote. */
export function* linesOf(read: ReadBlock, quoting: Quoting): Generator<Line> {
  const block = Buffer.allocUnsafe(BLOCK);
  const breaks = quoting === 'csv' ? new Unquoted() : new Plain();
  let parts: Buffer[] = [];
  let [at, size] = [0, 0];
  for (let length = read(block, at); length > 0; length = read(block, at)) {
    const bytes = block.subarray(0, length);
    let from = 0;
    for (let i = breaks.next(bytes, 0); i >= 0; i = breaks.next(bytes, from)) {
      const text = parts.length ? textOf([...parts, bytes.subarray(from, i + 1)]) : bytes.toString('utf8', from, i + 1);
      yield { text, end: at + i + 1, isWhole: true };
      [parts, size, from] = [[], 0, i + 1];
    }
    at += length;
    size += length - from;
    if (from < length) parts.push(Buffer.from(bytes.subarray(from)));
    if (size > LONGEST) break;
  }
  if (size) yield { text: textOf(parts), end: at, isWhole: false };
}

const textOf = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8');

/** Finds line breaks. */
class Plain {
  next(bytes: Buffer, from: number): number {
    return bytes.indexOf(BREAK, from);
  }
}

/** Finds line breaks that are not within quotes; must be given all bytes in order. */
class Unquoted extends Plain {
  #isQuoted = false;

  override next(bytes: Buffer, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      if (bytes[i] === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (bytes[i] === BREAK && !this.#isQuoted) return i;
    }
    return -1;
  }
}
