/** The result of `gradientCheck` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { colors, type Figure } from '../finding/picture.ts';
import { short, table } from '../finding/terminal.ts';
import type { Cause, GradientCheck, WeightGradient } from './types.ts';

type Found = Omit<GradientCheck, 'text' | 'picture'>;

const percent = (share: number): string => `${short(100 * share)} %`;

export function causeInWords({ what, name, by, ratio }: Cause): string {
  const off = Number.isFinite(ratio) ? `: the slope is ${short(ratio)} × what it claims` : '';
  if (what === 'loss') return `the loss: its gradient with respect to the predictions is wrong${off}`;
  if (what === 'penalty') return `a penalty of ${name}: without the plugins the gradient of J is right`;
  if (what === 'unknown')
    return `not found: every layer and the loss are right by themselves; "${name}" is the wrong one nearest the output${off}`;
  return `layer "${name}": its gradient with respect to its ${by} is wrong${off}`;
}

export function gradientsHeadline({ verdict, weights, causes }: Found): string {
  const wrong = weights.filter(w => w.verdict === 'wrong');
  if (verdict === 'wrong') {
    const names = [...new Set(wrong.map(w => `"${w.layer}"`))].join(', ');
    return `The gradient of J is wrong in ${names}. Cause: ${causes.map(causeInWords).join('; ')}.`;
  }
  const hidden = weights.filter(w => w.verdict === 'unresolved');
  if (hidden.length === 0) return 'The gradient of J is right: it is the slope of J for every weight, within rounding.';
  const names = [...new Set(hidden.map(w => `"${w.layer}"`))].join(', ');
  return `No gradient is wrong, but in ${names} the slope of J is lost in rounding or 0: cannot tell there.`;
}

/** The name of the layer, followed by the last part of the path, which is the weight's own name. */
const labelOf = ({ layer, path }: WeightGradient, weights: readonly WeightGradient[]): string => {
  const short = `${layer}/${path.slice(path.lastIndexOf('/') + 1)}`;
  const same = weights.filter(w => w.layer === layer && w.path.endsWith(path.slice(path.lastIndexOf('/'))));
  return same.length > 1 ? [layer, ...path.split('/').slice(1)].join('/') : short;
};

export function gradientsText(found: Found): string {
  const rows = found.weights.map(w => [
    labelOf(w, found.weights),
    w.verdict,
    percent(w.relativeError),
    percent(w.noise),
    short(w.analytic),
    short(w.numeric),
  ]);
  const head = ['weight', '', 'relative error', 'noise', 'gradient says', 'slope of J'];
  return [gradientsHeadline(found), table([head, ...rows])].join('\n');
}

const SMALLEST = 1e-6;

export function gradientsFigure(found: Found): Figure {
  const rows = found.weights.map(w => ({
    ...w,
    label: labelOf(w, found.weights),
    error: Math.max(w.relativeError, SMALLEST),
    limit: Math.max(w.noise + 0.01, SMALLEST),
  }));
  const widest = Math.min(22, Math.max(...rows.map(r => r.label.length)));
  const clipped = (label: string): string => (label.length > 22 ? `…${label.slice(-21)}` : label);
  return {
    title: 'Gradient check',
    caption: `${gradientsHeadline(found)} Dots: relative error of each weight's gradient. Bars: what rounding can hide, plus 1 %; a dot behind its bar is wrong.`,
    panels: [
      {
        options: {
          height: 60 + 24 * rows.length,
          marginLeft: 24 + 7 * widest,
          marginBottom: 42,
          x: {
            type: 'log',
            label: 'relative error',
            domain: [SMALLEST, Math.max(2, ...rows.map(r => r.error))],
            ticks: 5,
            tickFormat: '~e',
            grid: true,
          },
          y: { label: null, domain: rows.map(r => r.label), tickFormat: clipped },
          marks: [
            Plot.barX(rows, { y: 'label', x1: SMALLEST, x2: 'limit', fill: colors.rule, insetTop: 4, insetBottom: 4 }),
            Plot.dot(rows, {
              y: 'label',
              x: 'error',
              r: 4.5,
              fill: (w: WeightGradient) => (w.verdict === 'wrong' ? colors.accent : colors.second),
            }),
          ],
        },
      },
    ],
  };
}
