/** IDX, the format of the MNIST files: two zero bytes, a type, the number of dimensions, their sizes (big-endian), the data. */

export interface Idx {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** @throws Error for a file that is not IDX of unsigned bytes, or is cut short. */
export function parseIdx(bytes: Uint8Array): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || view.getUint8(2) !== UNSIGNED_BYTE) {
    throw new Error(`not an IDX file of unsigned bytes: it starts with ${[...bytes.subarray(0, 4)].join(' ')}`);
  }
  const rank = view.getUint8(3);
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw new Error(`IDX file cut short: ${bytes.length} bytes, its header has ${header}`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== header + size) {
    throw new Error(`IDX file of shape [${shape}] should have ${header + size} bytes, it has ${bytes.length}`);
  }
  return { shape, data: bytes.subarray(header) };
}
