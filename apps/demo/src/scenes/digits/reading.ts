/** What a network, and networks thinned from it, read in a digit. */
import { answer, type DenseNetwork, type Thinning } from '../../stage/dense.ts';
import { keepSample } from '../../stage/sample.ts';
import { sizes } from './reports.ts';

/** Networks thinned at random. */
export const thinnings = 30;
const share = 1 / 10;

/** P(class) of each of the ten digits. */
export interface Reading {
  readonly whole: readonly number[];
  /** Mean over the thinned networks, and what all but a tenth of them are above and below. */
  readonly mean: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** How many of the thinned networks find this digit most probable. */
  readonly votes: readonly number[];
}

export type KeepProbs = Readonly<Record<'input' | 'hidden1' | 'hidden2', number>>;

function thinningOf({ input, hidden1, hidden2 }: KeepProbs, seed: number): (Thinning | undefined)[] {
  const of = (units: number, keepProb: number, place: number): Thinning | undefined =>
    keepProb < 1 ? { kept: keepSample(units, keepProb, 3 * seed + place), keepProb } : undefined;
  return [of(sizes.input, input, 0), of(sizes.hidden1, hidden1, 1), of(sizes.hidden2, hidden2, 2)];
}

export const mostProbable = (values: readonly number[]): number => values.indexOf(Math.max(...values));

export function readingOf(network: DenseNetwork, digit: ArrayLike<number>, keepProbs: KeepProbs): Reading {
  const samples = Array.from({ length: thinnings }, (_, k) => [...answer(network, digit, thinningOf(keepProbs, k))]);
  const of = (summary: (values: readonly number[]) => number): number[] =>
    Array.from({ length: sizes.output }, (_, own) => summary(samples.map(sample => sample[own] ?? 0)));
  const quantile = (values: readonly number[], at: number): number =>
    values.toSorted((a, b) => a - b)[Math.round(at * (values.length - 1))] ?? 0;
  const winners = samples.map(mostProbable);
  return {
    whole: [...answer(network, digit)],
    mean: of(values => values.reduce((sum, value) => sum + value, 0) / thinnings),
    lower: of(values => quantile(values, share)),
    upper: of(values => quantile(values, 1 - share)),
    votes: Array.from({ length: sizes.output }, (_, own) => winners.filter(winner => winner === own).length),
  };
}
