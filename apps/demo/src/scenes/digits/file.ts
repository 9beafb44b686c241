/**
 * The digits as one file: five little-endian uint32 (magic, version, training digits, validation digits, pixels per digit), then the
 * pixels of all digits, training ones first (uint8, 0 to 255), then their labels (uint8, 0 to 9).
 */

const magic = 0x7047_4944;
const version = 1;
const headerBytes = 20;

export interface RawDigits {
  /** [digits × 784], row by row. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

export interface Digits {
  readonly train: RawDigits;
  readonly validation: RawDigits;
}

const pixelsPerDigit = 784;

export function encodeDigits({ train, validation }: Digits): Uint8Array {
  const header = new DataView(new ArrayBuffer(headerBytes));
  [magic, version, train.labels.length, validation.labels.length, pixelsPerDigit].forEach((value, i) => {
    header.setUint32(4 * i, value, true);
  });
  const parts = [new Uint8Array(header.buffer), train.pixels, validation.pixels, train.labels, validation.labels];
  const file = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

/** @throws Error when the file is no file of digits, or cut short. */
export function decodeDigits(file: ArrayBuffer): Digits {
  const header = file.byteLength >= headerBytes ? new Uint32Array(file.slice(0, headerBytes)) : new Uint32Array(5);
  const [gotMagic, gotVersion, train = 0, validation = 0, pixels = 0] = header;
  const expected = headerBytes + (train + validation) * (pixels + 1);
  if (gotMagic !== magic || gotVersion !== version || file.byteLength !== expected) {
    throw new Error(`The digits did not arrive whole: expected ${expected} bytes, received ${file.byteLength}.`);
  }
  const labels = headerBytes + (train + validation) * pixels;
  return {
    train: {
      pixels: new Uint8Array(file, headerBytes, train * pixels),
      labels: new Uint8Array(file, labels, train),
    },
    validation: {
      pixels: new Uint8Array(file, headerBytes + train * pixels, validation * pixels),
      labels: new Uint8Array(file, labels + train, validation),
    },
  };
}
