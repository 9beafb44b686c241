/** Draws a difference with its interval relative to 0. */
import * as Plot from '@observablehq/plot';
import { colors, type Panel } from './picture.ts';

/** The difference to draw. */
export interface DrawnDifference {
  /** Names the difference, its unit, and the meaning of the bar. */
  readonly title: string;
  /** The estimate. */
  readonly value: number;
  /** The bar around it. */
  readonly interval: readonly [low: number, high: number];
  /** Whether less or more is better; 'less' by default. */
  readonly better?: 'less' | 'more';
}

/**
 * One dot on its bar; 0 separates helping from hurting.
 * @example
 * differencePanel({ title: 'Loss, with − without', value: -0.2, interval: [-0.3, -0.1] }).title; // 'Loss, with − without'
 */
export function differencePanel({ title, value, interval: [low, high], better = 'less' }: DrawnDifference): Panel {
  const sign = better === 'less' ? 1 : -1;
  const [left, right] = sign === 1 ? ['← helps', 'hurts →'] : ['← hurts', 'helps →'];
  // labels on both sides of 0
  const side = (textAnchor: 'start' | 'end', text: string, dx: number) =>
    Plot.text([0], { x: (v: number) => v, text: () => text, textAnchor, dx, dy: -12, frameAnchor: 'top' });
  const row = { name: '', value, low, high };
  return {
    title,
    options: {
      height: 80,
      marginTop: 28,
      marginBottom: 24,
      marginRight: 56,
      marginLeft: 56,
      x: { label: null, ticks: 5, domain: padded(low, high) },
      y: { axis: null, domain: [''] },
      marks: [
        Plot.ruleX([0], { stroke: colors.ink }),
        side('end', left, -6),
        side('start', right, 6),
        Plot.ruleY([row], { y: 'name', x1: 'low', x2: 'high', strokeWidth: 3, stroke: colors.faint }),
        Plot.dot([row], { y: 'name', x: 'value', r: 5, fill: sign * value > 0 ? colors.accent : colors.second }),
      ],
    },
  };
}

/** The domain of an axis that contains 0 and the interval, with padding on both sides. */
const padded = (low: number, high: number): [number, number] => {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const air = 0.08 * (to - from || 1);
  return [from - air, to + air];
};
