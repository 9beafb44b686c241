/** The result of `checkCost` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { colors, type Figure, type Panel } from '../finding/picture.ts';
import { short } from '../finding/terminal.ts';
import { gradientsHeadline } from '../gradients/gradientCheckWords.ts';
import { zip } from '../statistics/vectors.ts';
import type { Descent } from './descend.ts';
import type { CostCheck, CostVerdict } from './types.ts';

type Found = Omit<CostCheck, 'text' | 'picture'>;

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

function riseInWords({ costs, rises, notFinite }: Descent): string {
  if (notFinite !== null) return `J is ${costs[notFinite]} at step ${notFinite}`;
  const [largest] = rises;
  if (!largest) return 'J falls at every step';
  return `J rises ${times(rises.length)} in ${costs.length - 1} steps, most after step ${largest.step}, by ${short(largest.by)}`;
}

function sourceInWords({ notFinite }: Found): string {
  if (!notFinite) return '';
  if (notFinite.what === 'J') return ' Every layer is finite: look at the loss and the penalties.';
  if (notFinite.what === 'weights')
    return ` The weights of "${notFinite.layer}" are not finite: their gradient was not finite, or the step was too large.`;
  return ` It comes from the layer "${notFinite.layer}".`;
}

const headlines: Readonly<Record<CostVerdict, (found: Found) => string>> = {
  stochasticLayer: ({ nondeterministic }) =>
    `The layer "${nondeterministic?.layer}" (${nondeterministic?.className}) is random at ${nondeterministic?.when} although all known dropout is off: J is a different function at each step, so whether it falls says nothing.`,
  wrongGradient: ({ gradient }) => (gradient ? gradientsHeadline(gradient) : ''),
  notANumber: found => {
    const again = found.slower.at(-1);
    const tried = again ? `; at a learning rate of ${short(again.learningRate)} it does not fall either` : '';
    return `${riseInWords(found.descent)}${tried}.${sourceInWords(found)}`;
  },
  learningRateTooHigh: ({ descent, slower }) =>
    `The learning rate ${short(descent.learningRate)} is too high: ${riseInWords(descent)}; at ${short(slower.at(-1)?.learningRate ?? 0)} it falls at every step.`,
  cannotTell: ({ descent, slower }) => {
    const again = slower.at(-1);
    const tried = again ? `, and at ${short(again.learningRate)} still ${times(again.rises.length)}` : '';
    return `${riseInWords(descent)}${tried}. The gradient does not seem to be the cause; cannot tell why. Optimizers with momentum may do this.`;
  },
  flat: ({ descent }) =>
    `J hardly moves: from ${short(descent.costs[0] ?? 0)} to ${short(descent.costs.at(-1) ?? 0)}. The learning rate is too low, or the model is already at a minimum.`,
  falls: ({ descent }) =>
    `With dropout off J falls at every step, from ${short(descent.costs[0] ?? 0)} to ${short(descent.costs.at(-1) ?? 0)}.`,
};

export const costHeadline = (found: Found): string => headlines[found.verdict](found);

function underDropoutInWords({ underDropout }: Found): string {
  if (!underDropout) return '';
  const { fall, costs, window } = underDropout;
  const rises = zip(costs, costs.slice(1), (from, to) => to > from).filter(Boolean).length;
  const trend = fall < -3 ? 'it falls' : fall > 3 ? 'it rises' : 'there are too few steps to tell whether it falls';
  return `With dropout on J rises ${times(rises)} in ${costs.length - 1} steps, which is normal; smoothed over ${window}, ${trend}.`;
}

export function costText(found: Found): string {
  const { verdict, descent, gradient, notFinite, warnings } = found;
  const off = `Gradient descent at ${short(descent.learningRate)}, dropout off: ${riseInWords(descent)}.`;
  const lines = [
    costHeadline(found),
    ...(verdict === 'falls' || verdict === 'flat' ? [] : [off]),
    ...(notFinite && verdict !== 'notANumber' ? [sourceInWords(found).trim()] : []),
    underDropoutInWords(found),
    ...(gradient && verdict !== 'wrongGradient' ? [gradientsHeadline(gradient)] : []),
    ...warnings,
  ];
  return lines.filter(Boolean).join('\n');
}

interface Point {
  readonly step: number;
  readonly J: number;
}

const points = (costs: readonly number[]): Point[] =>
  costs.map((J, step) => ({ step, J })).filter(({ J }) => Number.isFinite(J));

const axes: Plot.PlotOptions = {
  height: 220,
  marginBottom: 40,
  x: { label: 'step' },
  y: { label: 'J', grid: true, nice: true, ticks: 5, tickFormat: (v: number) => short(v) },
};

function offPanel({ descent, slower }: Found): Panel {
  const last = slower.at(-1);
  const curve = points(descent.costs);
  const risen = new Set(descent.rises.map(({ step }) => step + 1));
  const rises = curve.filter(({ step }) => risen.has(step));
  // an exploding J would flatten the other curve
  const highest = last ? 3 * Math.max(...points(last.costs).map(p => p.J)) : Number.POSITIVE_INFINITY;
  const shown = (list: readonly Point[]): Point[] => list.map(p => ({ ...p, J: Math.min(p.J, highest) }));
  const title = `Dropout off${last ? `; grey: at a learning rate of ${short(last.learningRate)}` : ''}${rises.length ? '; red: J rose' : ''}`;
  return {
    title,
    options: {
      ...axes,
      marks: [
        ...(last ? [Plot.lineY(points(last.costs), { x: 'step', y: 'J', stroke: '#9a968f', strokeWidth: 2 })] : []),
        Plot.lineY(shown(curve), { x: 'step', y: 'J', stroke: colors.second, strokeWidth: 2 }),
        Plot.dot(shown(rises), { x: 'step', y: 'J', fill: colors.accent, r: 2.5 }),
      ],
    },
  };
}

function onPanel(found: Found): Panel[] {
  if (!found.underDropout) return [];
  const { costs, mean, band } = found.underDropout;
  const rows = zip(mean, band, (J, half, step) => ({ step, J, low: J - half, high: J + half }));
  return [
    {
      title: 'Dropout on: each step has its own J; line: smoothed, band: 2 standard deviations',
      options: {
        ...axes,
        marks: [
          Plot.areaY(rows, { x: 'step', y1: 'low', y2: 'high', fill: colors.second, fillOpacity: 0.15 }),
          Plot.dot(points(costs), { x: 'step', y: 'J', r: 1.5, fill: colors.faint }),
          Plot.lineY(rows, { x: 'step', y: 'J', stroke: colors.second, strokeWidth: 2 }),
        ],
      },
    },
  ];
}

export function costFigure(found: Found): Figure {
  return {
    title: 'The cost J, step by step',
    caption: `${costHeadline(found)} ${found.warnings.join(' ')}`,
    // nothing to draw if J was not finite from the start
    panels: Number.isFinite(found.descent.costs[0]) ? [offPanel(found), ...onPanel(found)] : [],
  };
}
