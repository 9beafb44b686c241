/** The part of a finding that JSON can represent: its numbers and words, without its picture. */
export type Plain<T> = T extends Float64Array | Float32Array | Uint8Array | Uint32Array
  ? readonly number[]
  : T extends readonly (infer U)[]
    ? readonly Plain<U>[]
    : T extends (...args: never[]) => unknown
      ? never
      : T extends object
        ? { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
        : T;

export function plain<T>(value: T): Plain<T> {
  return plainValue(value) as Plain<T>;
}

function plainValue(value: unknown): unknown {
  if (value instanceof Float64Array || value instanceof Float32Array) return [...value];
  if (value instanceof Uint8Array || value instanceof Uint32Array) return [...value];
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, v]) => typeof v !== 'function' && v !== undefined);
  return Object.fromEntries(entries.map(([key, v]) => [key, plainValue(v)]));
}
