/** The result of `compare` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { clipped, colors, type Figure, nameMargin, type Panel } from '../finding/picture.ts';
import { short, table, withError } from '../finding/terminal.ts';
import type { Compared, Comparison, Measure } from './types.ts';

type Found = Omit<Comparison, 'text' | 'picture'>;

const titles: Readonly<Record<Measure, string>> = {
  squaredNorm: 'Σ w²',
  activationWeightedNorm: 'Σ w² E h²',
  participation: 'participation ratio',
  largestShare: 'largest share',
  effectiveRank: 'effective rank',
  zeros: 'share of zeros',
  sparsity: 'sparsity',
};

const signed = (value: number, error: number): string => `${value > 0 ? '+' : ''}${withError(value, error)}`;

/** The change of a sum over all matrices, in words and numbers. */
function happened({ a, b, mean, error, up, differences, direction }: Compared, what: string, other: string): string {
  const n = differences.length;
  const change = `${short(a)} → ${short(b)} with ${other} (${signed(mean, error)}`;
  if (n === 1) return `${what}: ${change}); one pair cannot tell`;
  if (direction === 'cannotTell')
    return `Cannot tell whether ${what} rose or fell: ${change}; higher in ${up} of ${n} pairs)`;
  const verbs = { up: 'rose', down: 'fell', same: 'did not change' } as const;
  const count = direction === 'down' ? n - up : up;
  const side = direction === 'down' ? 'lower' : 'higher';
  return `${what} ${verbs[direction]}: ${change}; ${side} in ${count} of ${n} pairs)`;
}

/** The lecture's claim, compared with the measurement. */
function verdict({ measures, names, nonlinear }: Found): string[] {
  const norm = measures.find(m => m.layer === null && m.measure === 'squaredNorm');
  const weighted = measures.find(m => m.layer === null && m.measure === 'activationWeightedNorm');
  if (!norm) return ['The models have no weight matrix: nothing to compare.'];
  const kind = nonlinear.length ? `nets with ${nonlinear.join(', ')}` : 'linear models';
  const depends = nonlinear.length
    ? ' Whether it does depends on the optimizer and the activation: the README has figures for both answers.'
    : '';
  const shrinks = {
    down: `So the norm shrank, as the lecture says of dropout, in these ${kind}.`,
    up: `So the lecture's "dropout shrinks the norm" does not hold for these ${kind}, as trained here.${depends}`,
    same: 'So the norm is the same.',
    cannotTell: `So these pairs cannot tell whether the norm shrinks in these ${kind}.`,
  }[norm.differences.length === 1 ? 'cannotTell' : norm.direction];
  return [
    `${happened(norm, 'Σ w²', names[1])}.`,
    shrinks,
    ...spreads(measures),
    ...(weighted ? [`${happened(weighted, 'Σ w² E h² (what dropout weighs)', names[1])}.`] : []),
  ];
}

/** Whether units use more of their inputs, by layer. */
function spreads(measures: readonly Compared[]): string[] {
  const ratios = measures.filter(m => m.measure === 'participation');
  const layers = (direction: Compared['direction']): string =>
    ratios
      .filter(m => m.direction === direction)
      .map(m => `"${m.layer}"`)
      .join(', ');
  const said = [
    ['up', 'more spread in'],
    ['down', 'less spread in'],
    ['cannotTell', 'undecided in'],
  ] as const;
  const parts = said.flatMap(([direction, what]) => (layers(direction) ? [`${what} ${layers(direction)}`] : []));
  return parts.length ? [`Weights over inputs (participation ratio): ${parts.join('; ')}.`] : [];
}

export function comparisonText(found: Found): string {
  const { measures, names, pairs } = found;
  const head = ['', 'layer', names[0], names[1], 'difference', '95 % interval', 'higher'];
  const lines = measures.map(m => [
    titles[m.measure],
    m.layer ?? 'all',
    short(m.a),
    short(m.b),
    signed(m.mean, m.error),
    pairs > 1 ? `${short(m.interval[0])} … ${short(m.interval[1])}` : '–',
    `${m.up}/${pairs}`,
  ]);
  const without = measures.some(m => m.measure === 'zeros') ? [] : ['Without data, activations are unknown.'];
  return [...verdict(found), ...(lines.length ? [table([head, ...lines])] : []), ...without].join('\n');
}

export function comparisonFigure(found: Found): Figure {
  const kinds = [...new Set(found.measures.map(m => m.measure))];
  return {
    title: `${found.names[1]} against ${found.names[0]}, ${found.pairs} ${found.pairs === 1 ? 'pair' : 'pairs'}`,
    caption: verdict(found).join(' '),
    panels: kinds.map(kind =>
      panel(
        found.measures.filter(m => m.measure === kind),
        titles[kind],
      ),
    ),
  };
}

/** Differences in percent of a: a light dot for each pair, the mean with its 95 % interval. */
function panel(rows: readonly Compared[], title: string): Panel {
  const percent = (m: Compared, value: number): number => (100 * value) / (Math.abs(m.a) || 1);
  const nameOf = (m: Compared): string => m.layer ?? 'all';
  const pairs = rows.flatMap(m => m.differences.map(d => ({ name: nameOf(m), value: percent(m, d) })));
  const means = rows.map(m => ({
    name: nameOf(m),
    value: percent(m, m.mean),
    low: percent(m, m.interval[0]),
    high: percent(m, m.interval[1]),
  }));
  return {
    title,
    options: {
      height: 46 + 26 * rows.length,
      marginLeft: nameMargin(rows.map(nameOf)),
      marginBottom: 40,
      x: { label: 'difference, %', grid: true, ticks: 5, nice: true },
      y: { label: null, type: 'point', domain: rows.map(nameOf), padding: 0.6, tickFormat: clipped },
      marks: [
        Plot.ruleX([0], { stroke: colors.faint }),
        Plot.dot(pairs, { x: 'value', y: 'name', stroke: colors.second, strokeOpacity: 0.6, r: 3, dy: -4 }),
        Plot.link(
          means.filter(m => Number.isFinite(m.low)),
          { x1: 'low', x2: 'high', y1: 'name', y2: 'name', stroke: colors.accent, strokeWidth: 2, dy: 4 },
        ),
        Plot.dot(means, { x: 'value', y: 'name', fill: colors.accent, r: 4, dy: 4 }),
      ],
    },
  };
}
