/** The result of `effectiveL2` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { type HeatMapOptions, heatMap } from '../finding/heatMap.ts';
import { clipped, colors, type Figure, nameMargin, type Panel } from '../finding/picture.ts';
import { shades, short, table, withError } from '../finding/terminal.ts';
import type { Estimate } from './sampledPenalty.ts';
import type { SiteL2, Theory } from './siteL2.ts';
import type { EffectiveL2 } from './types.ts';

type Found = Omit<EffectiveL2, 'text' | 'picture'>;

const written = ({ value, error }: Estimate): string => withError(value, error);

/** How far theory and sample differ, and whether by more than sampling explains (3 standard errors). */
function comparison(theory: Estimate, sampled: Estimate): string {
  const error = Math.hypot(theory.error, sampled.error);
  const ratio = theory.value / sampled.value;
  if (Math.abs(theory.value - sampled.value) <= 3 * error) return 'they agree within 3 standard errors';
  if (sampled.value < 0)
    return 'the sampled penalty is negative: here dropout lowers the mean loss, which no sum of λ w² can';
  return `theory says ${short(ratio)} times what sampling says: trust the sample`;
}

export function headlineOfL2(found: Found): string {
  const { sites, penalty, sampled, suggested, loss } = found;
  if (!sites.length) return 'No dropout that can be read as an L2: nothing to report.';
  const what = suggested ? "The model has no dropout. With the keepProbs of the lecture's rule it" : 'Dropout';
  return (
    `${what} adds ${written(sampled)} to the ${loss.name} of ${short(loss.value)} (sampled); ` +
    `as an adaptive L2, ${written(penalty)}: ${comparison(penalty, sampled)}.`
  );
}

const theories: Readonly<Record<Theory, { readonly name: string; readonly note: string }>> = {
  exact: { name: 'exact', note: 'for each dropout alone; everything after it is affine' },
  quadratic: {
    name: 'quadratic',
    note: 'Wager et al. 2013, an approximation for weak dropout; for trained ReLU nets and whole masks, it can be several times too small',
  },
  secondOrder: {
    name: 'second order',
    note: 'Wei et al. 2020, an approximation and not a bound; for trained ReLU nets it can be several times too small',
  },
};

/** One row per dropout, after the header. */
export function rowsOfL2({ sites }: Found): string[][] {
  const head = ['dropout', 'keepProb', 'theory', 'penalty', 'sampled', 'plain L2 λ', 'sampled λ', 'meets'];
  const lines = sites.map(s => [
    s.name,
    String(Number(s.keepProb.toFixed(5))),
    theories[s.theory].name,
    written(s.penalty),
    written(s.sampled),
    s.l2 ? written(s.l2) : '–',
    s.sampledL2 ? written(s.sampledL2) : '–',
    s.meets.join(', ') || 'no matrix directly',
  ]);
  return sites.length ? [head, ...lines] : [];
}

export function notesOnL2({ sites, rows, samples }: Found): string[] {
  const used = [...new Set(sites.map(s => s.theory))];
  return [
    ...used.map(theory => `${theories[theory].name}: ${theories[theory].note}.`),
    ...(sites.length
      ? [
          'How to read this: the penalty is what dropout adds to the loss. Theory writes it as Σ λ w², with a λ for each weight that grows with the activation it multiplies; the sample averages over masks. Where they differ, the sample is right. The plain λ is that of an L2 penalty of the same size.',
          `Over ${rows} rows, ${samples} masks each; errors are those of sampling masks, for these rows.`,
        ]
      : []),
  ];
}

export function textOfL2(found: Found): string {
  const { sites, warnings } = found;
  const rows = rowsOfL2(found);
  return [
    headlineOfL2(found),
    ...(rows.length ? [table(rows)] : []),
    ...sites.flatMap(lambdaLine),
    ...notesOnL2(found),
    ...warnings,
  ].join('\n');
}

const finite = (values: ArrayLike<number>): number[] => Array.from(values).filter(Number.isFinite);

/** λ by unit as one line of shades. */
function lambdaLine({ name, lambda }: SiteL2): string[] {
  const known = lambda ? finite(lambda) : [];
  if (!known.length) return [];
  const strip = known.length <= 64 ? `  ${shades(known)}` : '';
  return [`λ by unit behind "${name}": ${short(Math.min(...known))} … ${short(Math.max(...known))}${strip}`];
}

export function figureOfL2(found: Found): Figure {
  const { sites, rows, samples } = found;
  return {
    title: 'Dropout as an adaptive L2',
    caption: `${headlineOfL2(found)} ${rows} rows, ${samples} masks each. ${found.warnings.join(' ')}`,
    panels: sites.length ? [penalties(found), ...sites.map(lambdaPanel)] : [],
  };
}

/** Theory next to sample, with bars of two standard errors. */
function penalties({ sites, penalty, sampled }: Found): Panel {
  const all = sites.length > 1 ? [{ name: 'all together', penalty, sampled }] : [];
  const rows = [...sites, ...all].flatMap(({ name, penalty, sampled }) => [
    { name, of: 'theory', ...penalty },
    { name, of: 'sampled', ...sampled },
  ]);
  const names = [...new Set(rows.map(r => r.name))];
  const of = (kind: string) => rows.filter(r => r.of === kind);
  const low = Math.min(0, ...rows.map(r => r.value - 2 * r.error));
  return {
    title: 'Added to the loss: theory (hollow), sampled (± 2 errors)',
    options: {
      height: 52 + 30 * names.length,
      marginLeft: nameMargin(names),
      marginBottom: 40,
      x: { label: 'penalty', grid: true, ticks: 4, nice: true, ...(low === 0 && { zero: true }) },
      y: { label: null, domain: names, type: 'point', padding: 0.6, tickFormat: clipped },
      marks: [
        Plot.ruleX([0], { stroke: colors.faint }),
        Plot.link(of('sampled'), {
          x1: r => r.value - 2 * r.error,
          x2: r => r.value + 2 * r.error,
          y1: 'name',
          y2: 'name',
          stroke: colors.accent,
          strokeWidth: 2,
          dy: 4,
        }),
        Plot.dot(of('sampled'), { x: 'value', y: 'name', fill: colors.accent, r: 4, dy: 4 }),
        Plot.dot(of('theory'), { x: 'value', y: 'name', stroke: colors.second, strokeWidth: 2, r: 4, dy: -5 }),
      ],
    },
  };
}

/** λ as an image for square inputs, by weight if it differs between the weights of a unit, else by unit. */
function lambdaPanel(site: SiteL2): Panel {
  const { name, lambda, weights, units } = site;
  const side = Math.sqrt(units.length);
  const title = `λ behind "${name}"`;
  const strip = (values: Float64Array, what: HeatMapOptions): Panel =>
    heatMap({ values: values.map(v => (Number.isFinite(v) ? v : 0)), shape: [1, values.length] }, what);
  if (lambda && site.isInput && Number.isInteger(side) && side >= 8 && lambda.length === units.length) {
    const square = { title: `${title}, by unit as ${side} × ${side}`, x: 'column', y: 'row', square: true };
    return heatMap({ values: lambda.map(v => (Number.isFinite(v) ? v : 0)), shape: [side, side] }, square);
  }
  if (weights && weights.shape[1] > 1 && site.theory !== 'exact') {
    return heatMap(weights, { title: `${title}, by weight`, x: 'unit of the next layer', y: 'unit' });
  }
  if (lambda) return strip(lambda, { title: `${title}, by unit`, x: 'unit', y: '' });
  return strip(units, { title: `Penalty by unit of "${name}" (no matrix directly after it)`, x: 'unit', y: '' });
}
