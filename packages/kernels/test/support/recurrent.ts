/** Recurrent layers over a sequence in float64, from their definitions. */
import type { CellName, Options } from '../../src/wasm/recurrent/names.ts';
import type { Shape } from './derivatives.ts';

export interface Setting {
  readonly cell: CellName;
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  readonly bias: boolean;
  readonly options: Options;
}

export const GATES: Readonly<Record<CellName, number>> = { LSTM: 4, GRU: 3, SimpleRNN: 1 };

/** Of x, W, U, h, and c and b where they are there: the order of `inputsOf`. */
export function shapesOf({ cell, batch, time, features, units, bias }: Setting): Shape[] {
  const n = GATES[cell] * units;
  const state = [batch, units];
  const shapes = [[batch, time, features], [features, n], [units, n], state];
  return [...shapes, ...(cell === 'LSTM' ? [state] : []), ...(bias ? [[n]] : [])];
}

/** Values in the order of `shapesOf`, by name. */
export function inputsOf<T>({ cell, bias }: Setting, [x, w, u, h, ...rest]: readonly T[]) {
  const c = cell === 'LSTM' ? { c: rest[0]! } : {};
  return { x: x!, w: w!, u: u!, h: h!, ...c, ...(bias ? { bias: rest.at(-1)! } : {}) };
}

const tanh = Math.tanh;
const gateOf =
  (hard: boolean) =>
  (z: number): number =>
    hard ? Math.min(Math.max(z / 5 + 0.5, 0), 1) : 1 / (1 + Math.exp(-z));

/** One row and one step. `at(column)` is x W + b, `from(states, column)` is Σ states · U. Gives h, and c of an LSTM. */
type Step = (
  units: number,
  at: (column: number) => number,
  from: (h: readonly number[], column: number) => number,
  states: readonly number[][],
  gate: (z: number) => number,
) => number[][];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const steps: Readonly<Record<CellName, Step>> = {
  LSTM(units, at, from, [h, c], gate) {
    const z = (k: number, j: number): number => at(k * units + j) + from(h!, k * units + j);
    const carried = range(units).map(j => gate(z(1, j)) * c![j]! + gate(z(0, j)) * tanh(z(2, j)));
    return [carried.map((value, j) => gate(z(3, j)) * tanh(value)), carried];
  },
  GRU(units, at, from, [h], gate) {
    const z = (k: number, j: number): number => gate(at(k * units + j) + from(h!, k * units + j));
    const seen = h!.map((value, j) => z(1, j) * value);
    const candidate = (j: number): number => tanh(at(2 * units + j) + from(seen, 2 * units + j));
    return [h!.map((value, j) => z(0, j) * value + (1 - z(0, j)) * candidate(j))];
  },
  SimpleRNN: (units, at, from, [h]) => [range(units).map(j => tanh(at(j) + from(h!, j)))],
};

/** What `sequence` gives, one result behind the other. */
export function exactSequence(setting: Setting, values: readonly Float64Array[]): Float64Array {
  const { cell, batch, time, features, units, options } = setting;
  const { x, w, u, h, c, bias } = inputsOf(setting, values);
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
      const from = (b * time + (options.backwards ? time - 1 - s : s)) * features;
      states = steps[cell](
        units,
        j => dot(x.subarray(from, from + features), w, j) + (bias?.[j] ?? 0),
        (state, j) => dot(state, u, j),
        states,
        gateOf(options.hard),
      );
      if (options.all || s === time - 1) y.push(...states[0]!);
    }
    last.push(states);
  }
  const ends = range(c ? 2 : 1).flatMap(k => last.flatMap(states => states[k]!));
  return Float64Array.from(options.states ? [...y, ...ends] : y);
}
