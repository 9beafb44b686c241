/** Holds a value to what the comment behind it says: tensors by their elements, numbers as far as they are written out. */
import { deepStrictEqual } from 'node:assert/strict';

export async function comesTo(value, said) {
  deepStrictEqual(near(await plain(value), said), said);
}

const isTensor = value => typeof value?.dataId === 'object' && typeof value.array === 'function';
const isTyped = value => ArrayBuffer.isView(value) && !(value instanceof DataView);

async function plain(value) {
  if (isTensor(value)) return plain(await value.array());
  if (isTyped(value)) return [...value];
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Set) return plain([...value]);
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function');
  return Object.fromEntries(await Promise.all(entries.map(async ([key, item]) => [key, await plain(item)])));
}

/** The value, with each number that rounds to the one said in its place. */
function near(value, said) {
  if (typeof value === 'number' && typeof said === 'number') return rounds(value, said) ? said : value;
  if (typeof value !== 'object' || typeof said !== 'object' || value === null || said === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => near(item, said[i]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, near(item, said[key])]));
}

/** A whole number is meant as it is; a float32 differs from it by rounding. */
function rounds(value, said) {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e(.+))?$/.exec(String(said)) ?? [];
  const unit = fraction ? 0.5 * 10 ** (Number(exponent) - fraction.length) : 0;
  return Math.abs(value - said) <= unit + 1e-5 * Math.abs(said) + 1e-7 * Number(unit === 0);
}
