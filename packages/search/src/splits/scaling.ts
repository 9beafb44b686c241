/** Scaling fitted to the training rows of a fold alone, so that training knows nothing about the validation rows. */
import type { StoredTensor } from '@keepprob/trainer';
import type { ScaleKind, Table } from '../contract.ts';

/** Scales one array by (x − offset) / divisor, measured on the training rows: one number per feature, in row-major order. */
export interface Affine {
  /** For 'standardize' the mean, Σ x / rows; for 'unit' the smallest x. */
  readonly offset: readonly number[];
  /**
   * For 'standardize' the deviation, √(Σ (x − mean)² / rows); for 'unit' the largest x − the smallest. 1 for a feature with a single value in all training
   * rows, which is therefore only shifted to 0.
   */
  readonly divisor: readonly number[];
}

/** Numbers by the name of the array: `x`; `x[0]`, `x[1]`, … for a list; `x.name` for a record. It is JSON, so it can be saved with a model. */
export type Scaling = Readonly<Record<string, Affine>>;

interface Fold {
  readonly train: Table;
  readonly validation: Table;
}

const fits: Readonly<Record<ScaleKind, (column: StoredTensor) => Affine>> = { standardize: momentsOf, unit: rangesOf };

/** Both parts of a fold with x scaled, measured on the training rows. Integers (int32), such as words, are not scaled. */
export function fitted(kind: ScaleKind, { train, validation }: Fold): Fold & { readonly scaling: Scaling } {
  const scaling = Object.fromEntries(
    Object.entries(train.columns)
      .filter(([name, column]) => isScaled(name, column))
      .map(([name, column]) => [name, fits[kind](column)]),
  );
  return { train: scaledBy(train, scaling), validation: scaledBy(validation, scaling), scaling };
}

/** Scales x by numbers that were fitted to other rows. */
export function scaledBy({ count, columns }: Table, scaling: Scaling): Table {
  const entries = Object.entries(columns).map(([name, column]): [string, StoredTensor] => {
    const by = Object.hasOwn(scaling, name) ? scaling[name] : undefined;
    return [name, by ? shifted(column, by) : column];
  });
  return { count, columns: Object.fromEntries(entries) };
}

export const isScaled = (name: string, { dtype }: StoredTensor): boolean =>
  /^x($|[.[])/.test(name) && (dtype === 'float32' || dtype === 'uint8');

function momentsOf({ shape, data }: StoredTensor): Affine {
  const rows = shape[0] ?? 1;
  const width = data.length / rows;
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  for (const [i, value] of data.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / rows;
  for (const [i, value] of data.entries())
    squares[i % width] = (squares[i % width] ?? 0) + (value - (mean[i % width] ?? 0)) ** 2 / rows;
  // the mean of equal numbers is rounded, so the squares need not be 0: compare the numbers themselves
  const spread = new Uint8Array(width);
  for (const [i, value] of data.entries()) if (value !== data[i % width]) spread[i % width] = 1;
  return {
    offset: mean.map((m, feature) => (spread[feature] ? m : (data[feature] ?? m))),
    divisor: squares.map((variance, feature) => (spread[feature] ? Math.sqrt(variance) : 1)),
  };
}

function rangesOf({ shape, data }: StoredTensor): Affine {
  const width = data.length / (shape[0] ?? 1);
  const least = new Array<number>(width).fill(Number.POSITIVE_INFINITY);
  const most = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
  for (const [i, value] of data.entries()) {
    least[i % width] = Math.min(least[i % width] ?? value, value);
    most[i % width] = Math.max(most[i % width] ?? value, value);
  }
  return { offset: least, divisor: most.map((value, feature) => value - (least[feature] ?? value) || 1) };
}

function shifted({ shape, data }: StoredTensor, { offset, divisor }: Affine): StoredTensor {
  const width = offset.length;
  const scaled = Float32Array.from(data, (value, i) => (value - (offset[i % width] ?? 0)) / (divisor[i % width] ?? 1));
  return { dtype: 'float32', shape, data: scaled };
}
