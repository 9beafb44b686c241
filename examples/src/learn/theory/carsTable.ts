/** The cars as a table of numbers of mean 0 and variance 1. */
import { carFeatures, cars } from '@keepprob/datasets';
import { mean, variance } from '@keepprob/lens/statistics';

function standardized(values: readonly number[]): number[] {
  const [m, sd] = [mean(values), Math.sqrt(variance(values))];
  return values.map(value => (value - m) / sd);
}

export interface CarsTable {
  /** By feature. */
  readonly columns: readonly (readonly number[])[];
  /** Miles per gallon. */
  readonly y: readonly number[];
}

export async function carsTable(): Promise<CarsTable> {
  const { features, milesPerGallon } = await cars();
  return {
    columns: carFeatures.map((_, i) => standardized(features.map(row => row[i] ?? Number.NaN))),
    y: standardized(milesPerGallon),
  };
}

/** Row by row, as a model takes them. */
export const rowsOf = ({ columns, y }: CarsTable): number[][] =>
  y.map((_, row) => columns.map(column => column[row] ?? Number.NaN));
