/** The dtypes of the safetensors format, and the types they become here. */

/** The dtypes that a tensor can have here. */
export type SafeDtype = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A tensor as bytes outside of any backend. */
export interface SafeTensor {
  /** Its dtype. */
  readonly dtype: SafeDtype;
  /** Its shape; [] for a scalar. */
  readonly shape: readonly number[];
  /** Its numbers in row-major order. */
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

/** The code of each dtype in a file, and the array that holds it. */
export const written = {
  float32: { code: 'F32', array: Float32Array },
  int32: { code: 'I32', array: Int32Array },
  int64: { code: 'I64', array: BigInt64Array },
  uint8: { code: 'U8', array: Uint8Array },
  bool: { code: 'BOOL', array: Uint8Array },
} as const satisfies Record<SafeDtype, unknown>;

interface Read {
  readonly bytes: number;
  readonly dtype: SafeDtype;
  /** The numbers in `bytes`, which are aligned. */
  of(bytes: Uint8Array<ArrayBuffer>): SafeTensor['data'];
}

const view =
  <T>(make: new (buffer: ArrayBuffer, from: number, count: number) => T, size: number) =>
  (bytes: Uint8Array<ArrayBuffer>): T =>
    new make(bytes.buffer, bytes.byteOffset, bytes.byteLength / size);

const shorts = view(Uint16Array, 2);

/** Converts 16 bits in IEEE 754 half precision to a number: sign, 5 bits of exponent, 10 of mantissa. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * (1 + mantissa / 1024) * 2 ** (exponent - 15) : sign * mantissa * 2 ** -24;
}

/** bfloat16 is the upper half of a float32. */
function fromBfloat(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(Uint32Array.from(shorts(bytes), bits => bits << 16).buffer);
}

/** The dtypes that a file may contain, by code. Other floats become float32, the only float type of TensorFlow.js. */
export const readable: Readonly<Record<string, Read>> = {
  F32: { bytes: 4, dtype: 'float32', of: view(Float32Array, 4) },
  F16: { bytes: 2, dtype: 'float32', of: bytes => Float32Array.from(shorts(bytes), halfToFloat) },
  BF16: { bytes: 2, dtype: 'float32', of: fromBfloat },
  F64: { bytes: 8, dtype: 'float32', of: bytes => Float32Array.from(view(Float64Array, 8)(bytes)) },
  I32: { bytes: 4, dtype: 'int32', of: view(Int32Array, 4) },
  I64: { bytes: 8, dtype: 'int64', of: view(BigInt64Array, 8) },
  U8: { bytes: 1, dtype: 'uint8', of: bytes => bytes },
  BOOL: { bytes: 1, dtype: 'bool', of: bytes => bytes },
};
