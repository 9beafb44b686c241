import { readFile } from 'node:fs/promises';

/** What is known of each car, as numbers. */
export const carFeatures = ['cylinders', 'displacement', 'horsepower', 'weight', 'acceleration', 'year'] as const;

export interface Cars {
  /** By car, in the order of `carFeatures`. */
  readonly features: readonly (readonly number[])[];
  readonly milesPerGallon: readonly number[];
}

/** Ramos & Donoho 1983: 392 cars of 1970 to 1982, those of whom everything is known. */
export async function cars(): Promise<Cars> {
  const file = await readFile(new URL('../data/cars.csv', import.meta.url), 'utf8');
  const lines = file.trim().split('\n').slice(1);
  // names may have commas: the columns are counted from the end, which is the country
  const rows = lines.map(line => line.split(',').slice(-8, -1));
  const whole = rows.filter(row => row.every(field => field !== '')).map(row => row.map(Number));
  return {
    features: whole.map(([, ...features]) => features),
    milesPerGallon: whole.map(([miles = Number.NaN]) => miles),
  };
}
