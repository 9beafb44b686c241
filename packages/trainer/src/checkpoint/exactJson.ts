/** JSON that keeps every number: NaN, ±Infinity and −0, which plain JSON loses, are written as { "$number": "NaN" }. */
import type { Json } from '@keepprob/core';

const written = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** @param value anything that JSON can hold, with any numbers */
export const toExactJson = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0)) ? { $number: written(v) } : v,
  );

export const fromExactJson = (text: string): Json =>
  JSON.parse(text, (_, v: unknown) =>
    typeof v === 'object' && v !== null && '$number' in v && typeof v.$number === 'string' ? Number(v.$number) : v,
  ) as Json;
