/** The result of `weightSpread` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { clipped, colors, type Figure, nameMargin, type Panel } from '../finding/picture.ts';
import { short, table } from '../finding/terminal.ts';
import type { MatrixSpread, WeightSpread } from './types.ts';

type Found = Omit<WeightSpread, 'text' | 'picture'>;

const percent = (share: number): string => `${short(100 * share)}\u00a0%`;
/** Recurrent layers have two matrices. */
const nameOf = (m: MatrixSpread): string => (m.role === 'recurrent' ? `${m.layer} (recurrent)` : m.layer);

export function spreadHeadline({ matrices, squaredNorm }: Found): string {
  if (!matrices.length) return 'The model has no weight matrix: nothing to report.';
  const narrow = matrices.reduce((a, b) => (a.meanParticipation / a.inputs < b.meanParticipation / b.inputs ? a : b));
  return (
    `Σ w² over ${matrices.length} ${matrices.length === 1 ? 'matrix' : 'matrices'}: ${short(squaredNorm)}. Weights are least spread in "${nameOf(narrow)}": ` +
    `a unit there listens to ${short(narrow.meanParticipation)} of ${narrow.inputs} inputs (mean participation ratio).`
  );
}

/** One row per matrix, after the header. */
export function spreadRows({ matrices, rows }: Found): string[][] {
  const head = ['layer', 'inputs × units', 'Σ w²', 'participation', 'largest share', 'effective rank'];
  const measured = rows ? ['zeros', 'sparsity', 'Σ w² E h²'] : [];
  const lines = matrices.map(m => [
    nameOf(m),
    `${m.inputs} × ${m.units}`,
    short(m.squaredNorm),
    short(m.meanParticipation),
    percent(m.meanLargestShare),
    m.effectiveRank === null ? '– (too large)' : `${short(m.effectiveRank)} of ${Math.min(m.inputs, m.units)}`,
    ...(rows
      ? [m.activations ? percent(m.activations.zeros) : '–', m.activations ? short(m.activations.sparsity) : '–']
      : []),
    ...(rows ? [m.activationWeightedNorm === null ? '–' : short(m.activationWeightedNorm)] : []),
  ]);
  return lines.length ? [[...head, ...measured], ...lines] : [];
}

export const spreadNote = ({ rows }: Found): string =>
  rows ? `Activations over ${rows} rows.` : 'Without data, activations are unknown.';

/** Explains the columns to a reader who knows the lecture but not the papers. */
export const spreadLegend = ({ rows }: Found): string[] => [
  'How to read this: Σ w² is the squared norm of a matrix, what L2 weighs. Participation is how many of its inputs a unit listens to: all of them if its weights are equal, 1 if only one is not 0; it is high for spread-out weights. The largest share is that of the largest weight in the Σ w² of its unit.',
  'Effective rank: the number of independent directions of the matrix, weighted by their strength; at most its smaller side.',
  ...(rows
    ? [
        'Zeros and sparsity are those of the output of the layer: sparsity is 0 if all units are equally active and 1 if only one is. Σ w² E h² weighs each weight by the mean square of the activation that it multiplies, which is what dropout penalizes.',
      ]
    : []),
];

export function spreadText(found: Found): string {
  const rows = spreadRows(found);
  return [spreadHeadline(found), ...(rows.length ? [table(rows), spreadNote(found), ...spreadLegend(found)] : [])].join(
    '\n',
  );
}

export function spreadFigure(found: Found): Figure {
  return {
    title: 'How the weights are spread',
    caption: spreadHeadline(found),
    panels: found.matrices.length ? [participationPanel(found.matrices), normPanel(found.matrices)] : [],
  };
}

/** A tick for each unit, at most 200 per layer; the dot is the mean over all units. */
function participationPanel(matrices: readonly MatrixSpread[]): Panel {
  const shares = matrices.flatMap(m =>
    Array.from(m.participation)
      .filter(Number.isFinite)
      .filter((_, u) => u % Math.ceil(m.units / 200) === 0)
      .map(value => ({ name: nameOf(m), share: (100 * value) / m.inputs })),
  );
  const means = matrices.map(m => ({ name: nameOf(m), share: (100 * m.meanParticipation) / m.inputs }));
  return {
    title: 'Participation: share of its inputs that a unit listens to',
    options: {
      height: 50 + 30 * matrices.length,
      marginLeft: nameMargin(matrices.map(nameOf)),
      marginBottom: 40,
      x: { label: '% of the inputs (ticks: units; dot: mean)', domain: [0, 100] },
      y: { label: null, domain: matrices.map(nameOf), tickFormat: clipped },
      marks: [
        Plot.tickX(shares, { x: 'share', y: 'name', stroke: colors.second, strokeOpacity: 0.25, inset: 4 }),
        Plot.dot(means, { x: 'share', y: 'name', fill: colors.accent, r: 4 }),
      ],
    },
  };
}

function normPanel(matrices: readonly MatrixSpread[]): Panel {
  const rows = matrices.map(m => ({ name: nameOf(m), norm: m.squaredNorm, label: short(m.squaredNorm) }));
  return {
    title: 'Squared norm of each matrix',
    options: {
      height: 46 + 26 * rows.length,
      marginLeft: nameMargin(rows.map(r => r.name)),
      marginRight: 56,
      marginBottom: 40,
      x: { label: 'Σ w²', ticks: 4, nice: true },
      y: { label: null, domain: rows.map(r => r.name), tickFormat: clipped },
      marks: [
        Plot.barX(rows, { y: 'name', x: 'norm', fill: colors.second, insetTop: 3, insetBottom: 3 }),
        Plot.text(rows, { y: 'name', frameAnchor: 'right', dx: 8, textAnchor: 'start', text: 'label' }),
        Plot.ruleX([0]),
      ],
    },
  };
}
