/** The required parts of a manifest. A file may have the right checksum and still lack what a run needs to resume. */

import { isCount, isRecord } from './is.ts';
import type { Manifest } from './parts.ts';

type Check = (value: unknown) => boolean;

const isText: Check = v => typeof v === 'string';
const isNumber: Check = v => typeof v === 'number';
const isThere: Check = v => v !== undefined;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const orNull =
  (check: Check): Check =>
  v =>
    v === null || check(v);
const listOf =
  (check: Check): Check =>
  v =>
    isList(v) && v.every(check);
const recordOf =
  (check: Check): Check =>
  v =>
    isRecord(v) && Object.values(v).every(check);
const having =
  (checks: Readonly<Record<string, Check>>): Check =>
  v =>
    isRecord(v) && Object.entries(checks).every(([key, check]) => check(v[key]));

/** A class with its options: `{ Adam: { … } }`. */
const isNamed: Check = v => recordOf(isRecord)(v) && isRecord(v) && Object.keys(v).length === 1;
const isSum: Check = v => isList(v) && v.length === 2 && isText(v[0]) && isNumber(v[1]);

const parts: { readonly [K in keyof Manifest]: Check } = {
  versions: having({ format: isCount, mask: isCount, tfjs: isText }),
  seed: isNumber,
  layers: recordOf(isRecord),
  wiring: recordOf(isText),
  weights: recordOf(isText),
  optimizer: isNamed,
  plugins: listOf(isRecord),
  objective: isThere,
  data: isThere,
  epoch: isCount,
  stepInEpoch: isCount,
  history: recordOf(listOf(isNumber)),
  logs: recordOf(isText),
  averages: orNull(having({ rows: isCount, sums: listOf(isSum) })),
  stopped: orNull(isText),
  step: isCount,
  optimizerNow: isNamed,
  optimizerValues: orNull(having({ learningRate: isNumber, iterations: isCount })),
  pluginValues: isThere,
};

const isManifest = (value: unknown): value is Manifest => having(parts)(value);

/** A description of the first invalid part; undefined if all parts are valid. */
function faultOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is not an object';
  const wrong = Object.entries(parts).find(([part, check]) => !check(value[part]));
  return wrong && `its "${wrong[0]}" is not what it must be`;
}

/** The value as a manifest, or a description of what is wrong with it. */
export function manifestOf(value: unknown): Manifest | string {
  if (!isManifest(value)) return faultOf(value) ?? 'it is none';
  const longest = Math.max(0, ...Object.values(value.history).map(({ length }) => length));
  if (longest !== value.epoch) return `it has ${value.epoch} epochs, its history ${longest}`;
  return value;
}
