/** The numbers of Optuna; see scripts/oracle.py for how they were made. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Point, Told } from '../../src/contract.ts';

interface Suggestion {
  readonly config: object;
  readonly told: readonly Told[];
  readonly uniforms: readonly (readonly number[])[];
  readonly point: Point;
}

interface Oracle {
  readonly logCdf: readonly (readonly [x: number, value: number])[];
  readonly logMass: readonly (readonly [a: number, b: number, value: number])[];
  readonly quantiles: readonly (readonly [q: number, a: number, b: number, value: number])[];
  readonly scipyQuantiles: readonly (readonly [q: number, a: number, b: number, value: number])[];
  readonly weights: readonly (readonly [n: number, weights: readonly number[]])[];
  readonly densities: readonly {
    readonly config: object;
    readonly observed: readonly Point[];
    readonly points: readonly Point[];
    readonly logDensities: readonly number[];
    readonly uniforms: readonly (readonly number[])[];
    readonly drawn: readonly Point[];
  }[];
  readonly splits: readonly {
    readonly told: readonly Told[];
    readonly below: readonly number[];
    readonly above: readonly number[];
  }[];
  readonly suggestions: readonly Suggestion[];
  readonly importances: readonly {
    readonly config: object;
    readonly told: readonly Told[];
    readonly quantile: number;
    readonly divergences: Readonly<Record<string, number>>;
  }[];
}

export const optuna: Oracle = JSON.parse(readFileSync(new URL('../oracles/optuna.json', import.meta.url), 'utf8'));

/** Whether two numbers are equal up to this, relative where they are large. */
export const expectNear = (own: number, theirs: number, tolerance: number): void =>
  expect(Math.abs(own - theirs) / Math.max(1, Math.abs(theirs))).toBeLessThanOrEqual(tolerance);

/** A stream that gives these numbers, row by row. */
export function streamOf(rows: readonly (readonly number[])[]): () => number {
  const numbers = rows.flat().values();
  return () => {
    const { value, done } = numbers.next();
    if (done) throw new Error('more random numbers were asked for than there are');
    return value;
  };
}
