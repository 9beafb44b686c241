/** The lines of a file, whatever its size: texts of more than 512 MB do not exist in JavaScript. */

export interface Line {
  /** With its line break. */
  readonly text: string;
  /** Bytes of the file up to its end. */
  readonly end: number;
  /** False for what stands behind the last line break. */
  readonly isWhole: boolean;
}

const BREAK = 0x0a;
const QUOTE = 0x22;
/** Bytes read at once. */
const BLOCK = 2 ** 20;
/** No line of ours is longer; where one is, the file ends for the reader. */
const LONGEST = 64 * BLOCK;

/** Reads into a block from this byte of the file on, and says how many bytes it has read; 0 at the end. */
export type ReadBlock = (block: Uint8Array, at: number) => number;

/** Whether a line break within quotes belongs to the line: in CSV it does. */
export type Quoting = 'csv' | 'none';

/** The lines of a file in their order; one that is cut comes last. UTF-8 has neither line break nor quote inside of a character. */
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

/** Finds line breaks that are not within quotes; asked for all bytes in their order. */
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
