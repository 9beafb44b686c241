/** What the page says of figure 8. */
import { mean } from '@keepprob/lens/statistics';
import * as Plot from '@observablehq/plot';
import { colours, drawn } from '../../chart.ts';
import type { Effort, Shown } from '../question.ts';
import { differences, grouped, ofOneCore, plusMinus, spread, tableOf, verdictOf, withInterval } from '../spread.ts';

export interface ActivationsJob {
  readonly net: 'autoencoder' | 'classifier';
  readonly rows: number;
  readonly test: number;
  readonly seed: number;
  readonly dropped: boolean;
  readonly updates: number;
}
export interface LayerActivity {
  readonly layer: string;
  /** Share of activations that are exactly 0. */
  readonly zeros: number;
  /** Hoyer 2004: 0 where all units are equally active, 1 where one alone is. */
  readonly sparsity: number;
  /** The mean activation of each unit over the test digits. */
  readonly unitMeans: readonly number[];
}
export interface ActivationsResult extends ActivationsJob {
  readonly testLoss: number;
  readonly layers: readonly LayerActivity[];
}

type Measure = (layer: LayerActivity) => number;
const measures: Readonly<Record<string, Measure>> = {
  'mean activation': ({ unitMeans }) => mean(unitMeans),
  'zeros, %': ({ zeros }) => 100 * zeros,
  'Hoyer’s sparsity': ({ sparsity }) => sparsity,
};

interface Hidden {
  readonly name: string;
  readonly plain: readonly LayerActivity[];
  readonly dropout: readonly LayerActivity[];
}

/** Each hidden layer of each network, over the seeds. */
function hiddenOf(results: readonly ActivationsResult[]): Hidden[] {
  return [...grouped(results, ({ net }) => net)].flatMap(([net, same]) =>
    (same[0]?.layers ?? []).map(({ layer }, at) => {
      const arm = (dropped: boolean): LayerActivity[] =>
        same.filter(result => result.dropped === dropped).flatMap(({ layers }) => layers.slice(at, at + 1));
      return { name: net === 'autoencoder' ? net : `${net}, ${layer}`, plain: arm(false), dropout: arm(true) };
    }),
  );
}

const table = (hidden: readonly Hidden[]): string =>
  tableOf(
    ['hidden layer of', '', 'without', 'with dropout', 'with − without', ''],
    hidden.flatMap(({ name, plain, dropout }) =>
      Object.entries(measures).map(([measure, of]) => {
        const [a, b] = [plain.map(of), dropout.map(of)];
        const digits = measure === 'zeros, %' ? 1 : 3;
        const difference = spread(differences(a, b));
        const way = { above: 'rises', below: 'falls', 'cannot tell': 'cannot tell' }[verdictOf(difference)];
        return [
          ...[name, measure, plusMinus(spread(a), digits), plusMinus(spread(b), digits)],
          ...[withInterval(difference, digits), way],
        ];
      }),
    ),
  );

const BIN = 0.1;
/** What is above counts as this. */
const MOST = 3;

interface Bar {
  readonly panel: string;
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly colour: string;
}

/** The units of all seeds by their mean activation. */
function histogram(panel: string, layers: readonly LayerActivity[], colour: string): Bar[] {
  const means = layers.flatMap(({ unitMeans }) => unitMeans);
  return Array.from({ length: Math.round(MOST / BIN) }, (_, bin) => {
    const isLast = bin === Math.round(MOST / BIN) - 1;
    const within = means.filter(value => value >= bin * BIN && (isLast || value < (bin + 1) * BIN));
    return { panel, from: bin * BIN, to: (bin + 1) * BIN, share: (100 * within.length) / means.length, colour };
  });
}

/** Without dropout above, with it below. */
function picture(hidden: readonly Hidden[]): string {
  const bars = hidden.flatMap(({ name, plain, dropout }) => [
    ...histogram(`${name}: without`, plain, colours.grey),
    ...histogram(`${name}: with dropout`, dropout, colours.blue),
  ]);
  const panels = [...new Set(bars.map(({ panel }) => panel))];
  return drawn({
    ...{ width: 480, height: 60 + 110 * panels.length, marginLeft: 56, marginTop: 24, marginBottom: 42 },
    x: {
      label: `mean activation of a unit (${MOST} and more at the right)`,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { label: '% of units', labelArrow: 'none', grid: true, ticks: 3 },
    fy: { domain: panels, axis: null, padding: 0.3 },
    marks: [
      Plot.text(panels, { fy: d => d, text: d => d, frameAnchor: 'top-left', dx: 60, dy: -13, fontWeight: 'bold' }),
      Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'share', fy: 'panel', fill: 'colour', insetRight: 1 }),
      Plot.ruleY([0]),
    ],
  } as Plot.PlotOptions);
}

export function activationsShown(results: readonly ActivationsResult[], { seconds }: Effort): Shown {
  const hidden = hiddenOf(results);
  const { rows, test, updates } = results[0] ?? { rows: 0, test: 0, updates: 0 };
  const seeds = grouped(results, ({ seed }) => seed).size;
  const thousands = (count: number): string => count.toLocaleString('en');
  const made = `${seeds} seeds, ${thousands(rows)} digits to train on, ${thousands(updates)} updates, activations on ${thousands(test)} other digits with dropout off; ${results.length} runs, ${ofOneCore(seconds)}. ± is the standard error; intervals are 95 %, over pairs of the same seed.`;
  return {
    parts: [{ page: 'docs/paper.md', part: 'activations', markdown: `${made}\n\n${table(hidden)}` }],
    pictures: { 'docs/activations.svg': picture(hidden) },
  };
}
