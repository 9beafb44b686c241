/** Scaling that is fitted to the training rows of a fold alone, so that nothing of its validation rows is known to the training. */
import type { StoredTensor } from '@keepprob/trainer';
import type { Table } from '../contract.ts';

interface Fold {
  readonly train: Table;
  readonly validation: Table;
}

/**
 * Standardizes x: (x − mean) / standard deviation for each feature, both of the training rows (Σ (x − mean)² / rows). Features that are constant there are only
 * centred. Whole numbers (int32), such as words, are left as they are.
 */
export function standardized({ train, validation }: Fold): Fold {
  const moments = new Map(
    Object.entries(train.columns)
      .filter(([name, column]) => isScaled(name, column))
      .map(([name, column]) => [name, momentsOf(column)]),
  );
  const scaled = ({ count, columns }: Table): Table => {
    const entries = Object.entries(columns).map(([name, column]): [string, StoredTensor] => {
      const by = moments.get(name);
      return [name, by ? scaledBy(column, by) : column];
    });
    return { count, columns: Object.fromEntries(entries) };
  };
  return { train: scaled(train), validation: scaled(validation) };
}

const isScaled = (name: string, { dtype }: StoredTensor): boolean =>
  /^x($|[.[])/.test(name) && (dtype === 'float32' || dtype === 'uint8');

interface Moments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function momentsOf({ shape, data }: StoredTensor): Moments {
  const rows = shape[0] ?? 1;
  const width = data.length / rows;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const [i, value] of data.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / rows;
  for (const [i, value] of data.entries())
    deviation[i % width] = (deviation[i % width] ?? 0) + (value - (mean[i % width] ?? 0)) ** 2 / rows;
  return { mean, deviation: deviation.map(variance => Math.sqrt(variance) || 1) };
}

function scaledBy({ shape, data }: StoredTensor, { mean, deviation }: Moments): StoredTensor {
  const width = mean.length;
  const scaled = Float32Array.from(data, (value, i) => (value - (mean[i % width] ?? 0)) / (deviation[i % width] ?? 1));
  return { dtype: 'float32', shape, data: scaled };
}
