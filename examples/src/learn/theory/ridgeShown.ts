/** What the page says of linear regression with dropout. */
import { carFeatures } from '@keepprob/datasets';
import { mean } from '@keepprob/lens/statistics';
import * as Plot from '@observablehq/plot';
import { colours, drawn } from '../../chart.ts';
import type { Effort, Shown } from '../question.ts';
import { grouped, ofOneCore, plusMinus, spread, tableOf } from '../spread.ts';

export interface RidgeJob {
  readonly keepProb: number;
  readonly seed: number;
  readonly updates: number;
}
export interface RidgeResult extends RidgeJob {
  /** By feature. */
  readonly trained: readonly number[];
  readonly ridge: readonly number[];
  readonly leastSquares: readonly number[];
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
/** ‖a − b‖ / ‖b‖ in percent. */
const away = (a: readonly number[], b: readonly number[]): number =>
  (100 * norm(a.map((value, i) => value - (b[i] ?? Number.NaN)))) / norm(b);

const table = (results: readonly RidgeResult[]): string =>
  tableOf(
    ['keepProb', 'weight of', 'least squares', 'ridge', 'trained with dropout'],
    [...grouped(results, ({ keepProb }) => keepProb)].flatMap(([keepProb, same]) =>
      carFeatures.map((feature, i) => [
        ...[`${keepProb}`, feature],
        ...[same[0]?.leastSquares[i], same[0]?.ridge[i]].map(value =>
          (value ?? Number.NaN).toFixed(3).replace('-', '−'),
        ),
        plusMinus(spread(same.map(({ trained }) => trained[i] ?? Number.NaN)), 3),
      ]),
    ),
  );

const distances = (results: readonly RidgeResult[]): string =>
  [...grouped(results, ({ keepProb }) => keepProb)]
    .map(([keepProb, same]) => {
      const trained = mean(same.map(result => away(result.trained, result.ridge)));
      const squares = mean(same.map(result => away(result.leastSquares, result.ridge)));
      return `- keepProb ${keepProb}: the trained weights are ${trained.toFixed(1)} % away from ridge regression’s, those of least squares ${squares.toFixed(0)} %.`;
    })
    .join('\n');

function picture(results: readonly RidgeResult[]): string {
  const rows = [...grouped(results, ({ keepProb }) => keepProb)].flatMap(([keepProb, same]) =>
    carFeatures.flatMap((feature, i) => {
      const panel = `keepProb ${keepProb}`;
      const trained = spread(same.map(result => result.trained[i] ?? Number.NaN));
      const exact = (of: 'ridge' | 'leastSquares') => same[0]?.[of][i] ?? Number.NaN;
      return [
        { panel, feature, kind: 'least squares', value: exact('leastSquares') },
        { panel, feature, kind: 'ridge', value: exact('ridge') },
        { panel, feature, kind: 'dropout', value: trained.value, low: trained.interval[0], high: trained.interval[1] },
      ];
    }),
  );
  const of = (kind: string) => rows.filter(row => row.kind === kind);
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const legend = [
    { kind: 'least squares ×', dx: 130, colour: colours.grey },
    { kind: 'ridge ○', dx: 245, colour: colours.red },
    { kind: 'dropout ●', dx: 315, colour: colours.blue },
  ];
  const at = { x: 'value', y: 'feature', fy: 'panel' } as const;
  return drawn({
    ...{ width: 480, height: 420, marginLeft: 92, marginRight: 24, marginTop: 24, marginBottom: 42 },
    x: { label: 'weight, of standardized columns', labelAnchor: 'center', labelArrow: 'none', grid: true, nice: true },
    y: { domain: [...carFeatures], label: null, tickSize: 0 },
    fy: { domain: panels, axis: null, padding: 0.2 },
    marks: [
      Plot.text(panels, { fy: d => d, text: d => d, frameAnchor: 'top-left', dy: -14, fontWeight: 'bold' }),
      ...legend.map(({ kind, dx, colour }) =>
        Plot.text(panels, { fy: d => d, text: () => kind, frameAnchor: 'top-left', dy: -14, dx, fill: colour }),
      ),
      Plot.ruleX([0], { stroke: '#333' }),
      Plot.dot(of('least squares'), { ...at, symbol: 'times', stroke: colours.grey, strokeWidth: 2, r: 5 }),
      Plot.dot(of('ridge'), { ...at, stroke: colours.red, strokeWidth: 2, r: 8 }),
      Plot.ruleY(of('dropout'), {
        y: 'feature',
        fy: 'panel',
        x1: 'low',
        x2: 'high',
        stroke: colours.blue,
        strokeWidth: 2,
      }),
      Plot.dot(of('dropout'), { ...at, fill: colours.blue, r: 4 }),
    ],
  } as Plot.PlotOptions);
}

export function ridgeShown(results: readonly RidgeResult[], { seconds }: Effort): Shown {
  const updates = (results[0]?.updates ?? 0).toLocaleString('en');
  const seeds = grouped(results, ({ seed }) => seed).size;
  const made = `Miles per gallon of 392 cars from six columns, all standardized; ${seeds} seeds, ${updates} updates on all rows by Adam, whose rate falls from 0.02 to 0; by \`npm run measure -- ridge\` (${ofOneCore(seconds)}):`;
  return {
    parts: [
      {
        ...{ page: 'docs/dropout.md', part: 'ridge' },
        markdown: [made, distances(results), table(results)].join('\n\n'),
      },
    ],
    pictures: { 'docs/ridge.svg': picture(results) },
  };
}
