import { checkOptions, OptionError, option } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import { activationOf, isOutput, linearBehind } from '../model/graph.ts';
import type { Data } from '../model/rows.ts';
import { paired } from '../statistics/paired.ts';
import { comparisonFigure, comparisonText } from './compareWords.ts';
import type { Compared, Comparison, MatrixSpread, Measure, WeightSpread } from './types.ts';
import { weightSpread } from './weightSpread.ts';

/** Options of `compare`. */
export interface CompareOptions {
  /** Inputs, to compare activations and the activation-weighted norm as well. None by default. */
  readonly data?: Pick<Data, 'x'> | null;
  /** Names of the two sides; 'a' and 'b' by default. */
  readonly names?: readonly [string, string];
}

const specs = {
  data: option.orNull(option.custom<Pick<Data, 'x'>>('{ x }', v => typeof v === 'object')),
  names: option.custom<readonly [string, string]>(
    'two names',
    v => Array.isArray(v) && v.length === 2 && v.every(n => typeof n === 'string'),
    {
      fallback: ['a', 'b'],
    },
  ),
};

const measures: Readonly<Record<Measure, (m: MatrixSpread) => number | null>> = {
  squaredNorm: m => m.squaredNorm,
  activationWeightedNorm: m => m.activationWeightedNorm,
  participation: m => m.meanParticipation,
  largestShare: m => m.meanLargestShare,
  effectiveRank: m => m.effectiveRank,
  zeros: m => m.activations?.zeros ?? null,
  sparsity: m => m.activations?.sparsity ?? null,
};

/**
 * Compares two ways of training over pairs of models that differ only in that: `b[i]` against `a[i]`, trained from the same seed. Every difference
 * has a standard error and a 95 % interval over the pairs (Student's t; one interval for each measure, not for all together). Whether dropout shrank the
 * norm of the weights is judged from these models alone.
 * @example
 * const comparison = await compare(plainModels, droppedModels, { data: { x }, names: ['plain', 'dropout'] });
 * comparison.pairs; // 2
 * @throws OptionError for lists of different length, empty lists, or models whose matrices differ in shape
 */
export async function compare(
  a: readonly LayersModel[],
  b: readonly LayersModel[],
  options: CompareOptions = {},
): Promise<Comparison> {
  const { data, names } = checkOptions<CompareOptions>('compare', specs, options);
  if (!Array.isArray(a) || !Array.isArray(b) || !a.length || a.length !== b.length) {
    throw OptionError.of('compare', 'a, b', 'two lists of models of one length, at least one pair', [
      a?.length,
      b?.length,
    ]);
  }
  const all: [WeightSpread, WeightSpread][] = [];
  for (const [i, model] of a.entries()) {
    all.push([await spread(model, data), await spread(b[i] as LayersModel, data)]);
  }
  const shape = ({ matrices }: WeightSpread): string => matrices.map(m => `${m.inputs}×${m.units}`).join(', ');
  const [first] = all[0] as [WeightSpread, WeightSpread];
  for (const other of all.flat()) {
    if (shape(other) !== shape(first))
      throw OptionError.of('compare', 'b', `models with the matrices ${shape(first)}`, shape(other));
  }
  const found = {
    names,
    pairs: a.length,
    measures: comparisons(all, first),
    nonlinear: nonlinearities(a[0] as LayersModel),
  };
  return { ...found, text: comparisonText(found), picture: () => draw(comparisonFigure(found)) };
}

const spread = (model: LayersModel, data: Pick<Data, 'x'> | null): Promise<WeightSpread> =>
  weightSpread(model, data ?? undefined);

function comparisons(all: readonly [WeightSpread, WeightSpread][], first: WeightSpread): Compared[] {
  const one = (layer: string | null, measure: Measure, of: (s: WeightSpread) => number | null): Compared[] => {
    const [x, y] = [0, 1].map(side => all.map(pair => of(pair[side] as WeightSpread)));
    if ([...(x as (number | null)[]), ...(y as (number | null)[])].some(v => v === null || !Number.isFinite(v)))
      return [];
    const [from, to] = [x as number[], y as number[]];
    const mean = (values: readonly number[]): number => values.reduce((p, q) => p + q, 0) / values.length;
    return [{ layer, measure, a: mean(from), b: mean(to), ...paired(from, to) }];
  };
  const sum = (measure: 'squaredNorm' | 'activationWeightedNorm') => (s: WeightSpread) => {
    const values = s.matrices.map(measures[measure]).filter(v => v !== null);
    return values.length ? values.reduce((p, q) => p + q, 0) : null;
  };
  const totals = (['squaredNorm', 'activationWeightedNorm'] as const).flatMap(m => one(null, m, sum(m)));
  const each = (Object.keys(measures) as Measure[]).flatMap(measure =>
    first.matrices.flatMap((m, i) => one(m.layer, measure, s => measures[measure](s.matrices[i] as MatrixSpread))),
  );
  return [...totals, ...each];
}

const links = ['linear', 'softmax', 'Softmax', 'sigmoid'];

/** Names of the activations in between; empty if the model is affine up to its output's activation. */
function nonlinearities(model: LayersModel): string[] {
  if (model.inputs.every(input => linearBehind(model, input.sourceLayer, links))) return [];
  const inner = model.layers.filter(layer => !isOutput(model, layer));
  const names = [...new Set(inner.map(activationOf))].filter(name => name !== 'linear');
  return names.length ? names : ['layers that are not affine'];
}
