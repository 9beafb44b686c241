/** Scaling that is fitted to the training rows of a fold alone, so that nothing of its validation rows is known to the training. */
import type { StoredTensor } from '@keepprob/trainer';
import type { Table } from '../contract.ts';

/** Mean and deviation of one array of the training rows: a number for each feature, in row-major order. */
export interface Moments {
  /** Σ x / rows. */
  readonly mean: readonly number[];
  /** √(Σ (x − mean)² / rows); 1 for a feature with a single value in all training rows, which is therefore only centred. */
  readonly deviation: readonly number[];
}

/** Moments by the name of the array: `x`; `x[0]`, `x[1]`, … for a list; `x.name` for a record. It is JSON, to be saved with a model. */
export type Scaling = Readonly<Record<string, Moments>>;

interface Fold {
  readonly train: Table;
  readonly validation: Table;
}

/** Both parts of a fold with (x − mean) / deviation in the place of x, mean and deviation of the training rows. Whole numbers (int32), such as words, stay. */
export function standardized({ train, validation }: Fold): Fold & { readonly scaling: Scaling } {
  const scaling = Object.fromEntries(
    Object.entries(train.columns)
      .filter(([name, column]) => isScaled(name, column))
      .map(([name, column]) => [name, momentsOf(column)]),
  );
  return { train: scaledBy(train, scaling), validation: scaledBy(validation, scaling), scaling };
}

/** x scaled by numbers that were fitted to other rows. */
export function scaledBy({ count, columns }: Table, scaling: Scaling): Table {
  const entries = Object.entries(columns).map(([name, column]): [string, StoredTensor] => {
    const by = Object.hasOwn(scaling, name) ? scaling[name] : undefined;
    return [name, by ? shifted(column, by) : column];
  });
  return { count, columns: Object.fromEntries(entries) };
}

export const isScaled = (name: string, { dtype }: StoredTensor): boolean =>
  /^x($|[.[])/.test(name) && (dtype === 'float32' || dtype === 'uint8');

function momentsOf({ shape, data }: StoredTensor): Moments {
  const rows = shape[0] ?? 1;
  const width = data.length / rows;
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  for (const [i, value] of data.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / rows;
  for (const [i, value] of data.entries())
    squares[i % width] = (squares[i % width] ?? 0) + (value - (mean[i % width] ?? 0)) ** 2 / rows;
  // the mean of equal numbers is rounded, so that squares of its error are not 0: looked for by the numbers themselves
  const spread = new Uint8Array(width);
  for (const [i, value] of data.entries()) if (value !== data[i % width]) spread[i % width] = 1;
  return {
    mean: mean.map((m, feature) => (spread[feature] ? m : (data[feature] ?? m))),
    deviation: squares.map((variance, feature) => (spread[feature] ? Math.sqrt(variance) : 1)),
  };
}

function shifted({ shape, data }: StoredTensor, { mean, deviation }: Moments): StoredTensor {
  const width = mean.length;
  const scaled = Float32Array.from(data, (value, i) => (value - (mean[i % width] ?? 0)) / (deviation[i % width] ?? 1));
  return { dtype: 'float32', shape, data: scaled };
}
