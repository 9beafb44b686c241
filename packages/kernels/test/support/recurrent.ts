/** Recurrent layers over a sequence in float64, from their definitions. */
import type { CellName, Options } from '../../src/wasm/recurrent/names.ts';
import type { Shape } from './derivatives.ts';
import { floats } from './numbers.ts';

export interface Setting {
  readonly cell: CellName;
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  readonly bias: boolean;
  /** Whether some steps of rows do not count, and whether h is dropped where the recurrent kernel reads it: by the numbers of `masksOf`. */
  readonly masked: boolean;
  readonly dropped: boolean;
  readonly options: Options;
}

export const GATES: Readonly<Record<CellName, number>> = { LSTM: 4, GRU: 3, ResetAfterGRU: 3, SimpleRNN: 1 };

export const cellNames = Object.keys(GATES) as CellName[];

/** Some of the steps, of each row others, and what keeps half of the units. */
export function masksOf({ batch, time, units, masked, dropped }: Setting): {
  mask?: Float32Array;
  drop?: Float32Array;
} {
  const mask = floats(batch * time, 17 * time + units).map(v => (v < 0.2 ? 1 : 0));
  const drop = floats(batch * units, 19 * units + batch).map(v => (v < 0 ? 1.25 : 0));
  return { ...(masked ? { mask } : {}), ...(dropped ? { drop } : {}) };
}

/** Of x, W, U, h, and c, b and b′ where they are there: the order of `inputsOf`. */
export function shapesOf({ cell, batch, time, features, units, bias }: Setting): Shape[] {
  const n = GATES[cell] * units;
  const state = [batch, units];
  const shapes = [[batch, time, features], [features, n], [units, n], state];
  const biases = bias ? [[n], ...(cell === 'ResetAfterGRU' ? [[n]] : [])] : [];
  return [...shapes, ...(cell === 'LSTM' ? [state] : []), ...biases];
}

type Values<T> = Readonly<Record<'x' | 'w' | 'u' | 'h', T> & Partial<Record<'c' | 'bias' | 'ownBias', T>>>;

/** Values in the order of `shapesOf`, by name. */
export function inputsOf<T>({ cell, bias }: Setting, [x, w, u, h, ...rest]: readonly T[]): Values<T> {
  const c = cell === 'LSTM' ? { c: rest.shift()! } : {};
  const [ofInputs, ofState] = rest;
  const own = ofState === undefined ? {} : { ownBias: ofState };
  return { x: x!, w: w!, u: u!, h: h!, ...c, ...(bias ? { bias: ofInputs!, ...own } : {}) };
}

const tanh = Math.tanh;
const gateOf =
  (hard: boolean) =>
  (z: number): number =>
    hard ? Math.min(Math.max(z / 5 + 0.5, 0), 1) : 1 / (1 + Math.exp(-z));

/** One row and one step. `at(column)` is x W + b, `from(states, column)` is Σ states · U + b′. Gives h, and c of an LSTM. */
type Step = (given: {
  readonly units: number;
  readonly at: (column: number) => number;
  readonly from: (h: readonly number[], column: number) => number;
  /** h as the recurrent kernel reads it, and the states that are carried over. */
  readonly seen: readonly number[];
  readonly carried: readonly (readonly number[])[];
  readonly gate: (z: number) => number;
}) => number[][];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const steps: Readonly<Record<CellName, Step>> = {
  LSTM({ units, at, from, seen, carried: [, c], gate }) {
    const z = (k: number, j: number): number => at(k * units + j) + from(seen, k * units + j);
    const next = range(units).map(j => gate(z(1, j)) * c![j]! + gate(z(0, j)) * tanh(z(2, j)));
    return [next.map((value, j) => gate(z(3, j)) * tanh(value)), next];
  },
  GRU({ units, at, from, seen, carried: [h], gate }) {
    const z = (k: number, j: number): number => gate(at(k * units + j) + from(seen, k * units + j));
    const reset = seen.map((value, j) => z(1, j) * value);
    const candidate = (j: number): number => tanh(at(2 * units + j) + from(reset, 2 * units + j));
    return [h!.map((value, j) => z(0, j) * value + (1 - z(0, j)) * candidate(j))];
  },
  ResetAfterGRU({ units, at, from, seen, carried: [h], gate }) {
    const z = (k: number, j: number): number => gate(at(k * units + j) + from(seen, k * units + j));
    const candidate = (j: number): number => tanh(at(2 * units + j) + z(1, j) * from(seen, 2 * units + j));
    return [h!.map((value, j) => z(0, j) * value + (1 - z(0, j)) * candidate(j))];
  },
  SimpleRNN: ({ units, at, from, seen }) => [range(units).map(j => tanh(at(j) + from(seen, j)))],
};

/** What `sequence` gives, one result behind the other. */
export function exactSequence(setting: Setting, values: readonly Float64Array[]): Float64Array {
  const { cell, batch, time, features, units, options } = setting;
  const { x, w, u, h, c, bias, ownBias } = inputsOf(setting, values);
  const { mask, drop } = masksOf(setting);
  const n = GATES[cell] * units;
  /** A row times a column of a matrix with n of them. */
  const dot = (row: ArrayLike<number>, matrix: Float64Array, column: number): number => {
    let total = 0;
    for (let i = 0, at = column; i < row.length; i++, at += n) total += row[i]! * matrix[at]!;
    return total;
  };
  const y: number[] = [];
  const last: number[][][] = [];
  for (const b of range(batch)) {
    const row = (state: Float64Array): number[] => [...state.subarray(b * units, (b + 1) * units)];
    let states = c ? [row(h), row(c)] : [row(h)];
    for (const s of range(time)) {
      const t = options.backwards ? time - 1 - s : s;
      const from = (b * time + t) * features;
      const [before, ...others] = states;
      const seen = before!.map((value, j) => value * (drop?.[b * units + j] ?? 1));
      const next = steps[cell]({
        units,
        at: j => dot(x.subarray(from, from + features), w, j) + (bias?.[j] ?? 0),
        from: (state, j) => dot(state, u, j) + (ownBias?.[j] ?? 0),
        seen,
        carried: [options.dropsCarry ? seen : before!, ...others],
        gate: gateOf(options.hard),
      });
      if (mask?.[b * time + t] !== 0) states = next;
      if (options.all || s === time - 1) y.push(...states[0]!);
    }
    last.push(states);
  }
  const ends = range(c ? 2 : 1).flatMap(k => last.flatMap(states => states[k]!));
  return Float64Array.from(options.states ? [...y, ...ends] : y);
}
