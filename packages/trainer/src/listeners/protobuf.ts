/** Fields of protobuf messages as bytes (https://protobuf.dev/programming-guides/encoding), of the kinds that TensorBoard's events contain. */

const VARINT = 0;
const SIXTY_FOUR = 1;
const DELIMITED = 2;
const THIRTY_TWO = 5;
/** The sizes in bytes of fields with a fixed size, by wire type. */
const SIZES: Readonly<Record<number, number>> = { [SIXTY_FOUR]: 8, [THIRTY_TWO]: 4 };

/** Seven bits per byte, the lowest first; up to 2⁵³. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

export const concat = (parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const tag = (field: number, wire: number): number[] => varint(field * 8 + wire);

const numbers = (values: readonly number[], size: 4 | 8): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (size === 4) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
};

/** int64 or enum, not negative. */
export const integer = (field: number, value: number): Uint8Array => concat([tag(field, VARINT), varint(value)]);
export const double = (field: number, value: number): Uint8Array =>
  concat([tag(field, SIXTY_FOUR), numbers([value], 8)]);
export const float = (field: number, value: number): Uint8Array =>
  concat([tag(field, THIRTY_TWO), numbers([value], 4)]);
/** A message inside a message. */
export const message = (field: number, ...fields: readonly Uint8Array[]): Uint8Array => {
  const body = concat(fields);
  return concat([tag(field, DELIMITED), varint(body.length), body]);
};
export const text = (field: number, value: string): Uint8Array => message(field, new TextEncoder().encode(value));
/** Packed. */
export const doubles = (field: number, values: readonly number[]): Uint8Array => message(field, numbers(values, 8));

/** A field of a message: a number if it is a varint, its bytes otherwise. */
export interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message, up to where it is truncated or invalid. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const number = (): number => {
    let [value, scale] = [0, 1];
    for (let byte = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = bytes[at++] ?? 0;
      value += (byte % 0x80) * scale;
    }
    return value;
  };
  while (at < bytes.length) {
    const key = number();
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === VARINT) {
      yield { field, value: number() };
      continue;
    }
    const length = wire === DELIMITED ? number() : SIZES[wire];
    if (length === undefined || at + length > bytes.length) return;
    yield { field, value: bytes.subarray(at, at + length) };
    at += length;
  }
}
