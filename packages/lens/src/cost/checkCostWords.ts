/** What `checkCost` says, in words and as a picture. */
import * as Plot from '@observablehq/plot';
import { colors, type Figure, type Panel } from '../finding/picture.ts';
import { short } from '../finding/terminal.ts';
import { gradientsHeadline } from '../gradients/gradientCheckWords.ts';
import type { Descent } from './descend.ts';
import type { CostCheck, CostVerdict } from './types.ts';

type Found = Omit<CostCheck, 'text' | 'picture'>;

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

function riseInWords({ costs, rises, notFinite }: Descent): string {
  if (notFinite !== null) return `J is ${costs[notFinite]} at iteration ${notFinite}`;
  const [largest] = rises;
  if (!largest) return 'J falls in every iteration';
  return `J rises ${times(rises.length)} in ${costs.length - 1} iterations, most after iteration ${largest.iteration}, by ${short(largest.by)}`;
}

function sourceInWords({ notFinite }: Found): string {
  if (!notFinite) return '';
  if (notFinite.what === 'J') return ' Every layer is finite: look at the loss and the penalties.';
  if (notFinite.what === 'weights')
    return ` The weights of "${notFinite.layer}" are spoiled: their gradient was not finite, or the step too large.`;
  return ` It comes from the layer "${notFinite.layer}".`;
}

const headlines: Readonly<Record<CostVerdict, (found: Found) => string>> = {
  stochasticLayer: ({ restless }) =>
    `The layer "${restless?.layer}" (${restless?.className}) is random at ${restless?.when} although all known dropout is off: J is another function in each iteration, so whether it falls says nothing.`,
  wrongGradient: ({ gradient }) => (gradient ? gradientsHeadline(gradient) : ''),
  notANumber: found => {
    const again = found.slower.at(-1);
    const tried = again ? `; at a learning rate of ${short(again.learningRate)} it does not fall either` : '';
    return `${riseInWords(found.descent)}${tried}.${sourceInWords(found)}`;
  },
  learningRateTooHigh: ({ descent, slower }) =>
    `The learning rate ${short(descent.learningRate)} is too high: ${riseInWords(descent)}; at ${short(slower.at(-1)?.learningRate ?? 0)} it falls in every iteration.`,
  cannotTell: ({ descent, slower }) => {
    const again = slower.at(-1);
    const tried = again ? `, and at ${short(again.learningRate)} still ${times(again.rises.length)}` : '';
    return `${riseInWords(descent)}${tried}. The gradient is not to blame, as far as it can be told: cannot tell why. Optimizers with momentum may do that.`;
  },
  flat: ({ descent }) =>
    `J hardly moves: from ${short(descent.costs[0] ?? 0)} to ${short(descent.costs.at(-1) ?? 0)}. The learning rate is too low, or the model is at a minimum already.`,
  falls: ({ descent }) =>
    `With dropout off J falls in every iteration, from ${short(descent.costs[0] ?? 0)} to ${short(descent.costs.at(-1) ?? 0)}.`,
};

export const costHeadline = (found: Found): string => headlines[found.verdict](found);

function underDropoutInWords({ underDropout }: Found): string {
  if (!underDropout) return '';
  const { fall, costs, window } = underDropout;
  const rises = costs.slice(1).filter((cost, i) => cost > (costs[i] as number)).length;
  const trend =
    fall < -3 ? 'it falls' : fall > 3 ? 'it rises' : 'whether it falls cannot be told from so few iterations';
  return `With dropout on J rises ${times(rises)} in ${costs.length - 1} iterations, as it may; smoothed over ${window}, ${trend}.`;
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
  readonly iteration: number;
  readonly J: number;
}

const points = (costs: readonly number[]): Point[] =>
  costs.map((J, iteration) => ({ iteration, J })).filter(({ J }) => Number.isFinite(J));

const axes: Plot.PlotOptions = {
  height: 220,
  marginBottom: 40,
  x: { label: 'iteration' },
  y: { label: 'J', grid: true, nice: true, ticks: 5, tickFormat: (v: number) => short(v) },
};

function offPanel({ descent, slower }: Found): Panel {
  const rises = descent.rises.map(({ iteration, by }) => ({
    iteration: iteration + 1,
    J: (descent.costs[iteration] as number) + by,
  }));
  const last = slower.at(-1);
  const curve = points(descent.costs);
  // a J that explodes would press the other curve flat
  const highest = last ? 3 * Math.max(...points(last.costs).map(p => p.J)) : Number.POSITIVE_INFINITY;
  const shown = (list: readonly Point[]): Point[] => list.map(p => ({ ...p, J: Math.min(p.J, highest) }));
  const title = `Dropout off${last ? `; grey: at a learning rate of ${short(last.learningRate)}` : ''}${rises.length ? '; red: J rose' : ''}`;
  return {
    title,
    options: {
      ...axes,
      marks: [
        ...(last
          ? [Plot.lineY(points(last.costs), { x: 'iteration', y: 'J', stroke: '#9a968f', strokeWidth: 2 })]
          : []),
        Plot.lineY(shown(curve), { x: 'iteration', y: 'J', stroke: colors.second, strokeWidth: 2 }),
        Plot.dot(shown(rises), { x: 'iteration', y: 'J', fill: colors.accent, r: 2.5 }),
      ],
    },
  };
}

function onPanel(found: Found): Panel[] {
  if (!found.underDropout) return [];
  const { costs, mean, band } = found.underDropout;
  const rows = mean.map((J, iteration) => ({
    iteration,
    J,
    low: J - (band[iteration] as number),
    high: J + (band[iteration] as number),
  }));
  return [
    {
      title: 'Dropout on: each iteration has a J of its own; line: smoothed, band: 2 standard deviations',
      options: {
        ...axes,
        marks: [
          Plot.areaY(rows, { x: 'iteration', y1: 'low', y2: 'high', fill: colors.second, fillOpacity: 0.15 }),
          Plot.dot(points(costs), { x: 'iteration', y: 'J', r: 1.5, fill: colors.faint }),
          Plot.lineY(rows, { x: 'iteration', y: 'J', stroke: colors.second, strokeWidth: 2 }),
        ],
      },
    },
  ];
}

export function costFigure(found: Found): Figure {
  return {
    title: 'The cost J, iteration by iteration',
    caption: `${costHeadline(found)} ${found.warnings.join(' ')}`,
    // where J was no number from the start there is nothing to draw
    panels: Number.isFinite(found.descent.costs[0]) ? [offPanel(found), ...onPanel(found)] : [],
  };
}
