/** uPlot set up for a figure: lines told apart by dashes and by labels at their ends, colours of the page's theme. */
import type uPlot from 'uplot';
import { type Figure, spread } from './curves.ts';

export interface Theme {
  readonly ink: string;
  readonly faint: string;
  readonly rule: string;
  readonly plain: string;
  readonly regularized: string;
  readonly font: string;
}

const labelHeight = 14;

/** Writes each line's name at its last point, in the margin, with no two on top of each other. */
function labelEnds(plot: uPlot, { lines }: Figure, theme: Theme): void {
  const [epochs, ...columns] = plot.data;
  const last = epochs.length - 1;
  const newest = epochs[last];
  if (newest === undefined) return;
  const ratio = devicePixelRatio;
  const { left, top, width, height: tall } = plot.bbox;
  const ends = columns.map(column => plot.valToPos(column[last] ?? 0, 'y', true));
  const half = (labelHeight * ratio) / 2;
  const heights = spread(ends, labelHeight * ratio, top + half, top + tall - half);
  const { ctx } = plot;
  ctx.save();
  ctx.font = `500 ${11 * ratio}px ${theme.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  lines.forEach(({ label, twin }, i) => {
    const right = left + width;
    const [end = 0, height = end] = [ends[i], heights[i]];
    ctx.strokeStyle = theme.rule;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(plot.valToPos(newest, 'x', true) + 3 * ratio, end);
    ctx.lineTo(right + 4 * ratio, height);
    ctx.stroke();
    ctx.fillStyle = theme[twin];
    ctx.fillText(label, right + 7 * ratio, height);
  });
  ctx.restore();
}

/** Ticks with as many decimals as tell them apart. */
const ticks = (values: readonly number[], { factor, suffix }: Figure['axis']): string[] => {
  const step = factor * Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  const exact = (decimals: number): boolean => Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-6;
  const decimals = [0, 1, 2, 3, 4, 5].find(exact) ?? 6;
  return values.map(value => (factor * value).toFixed(decimals) + suffix);
};

/** From 0, or lower, up to the highest value after the steep start: the first epochs run out of the frame later on. */
function heightRange(plot: uPlot, low: number | null): [number, number] {
  const [, ...columns] = plot.data;
  const settled = columns.flatMap(column => Array.from(column).slice(Math.floor(column.length / 12)) as number[]);
  return [Math.min(0, low ?? 0), Math.max(0, ...settled) * 1.06 || 1];
}

export function plotOptions(figure: Figure, theme: Theme, width: number, height: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: theme.faint,
    font: `11px ${theme.font}`,
    grid: { stroke: theme.rule, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  return {
    width,
    height,
    padding: [10, figure.lines.length > 2 ? 76 : 84, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: (_, first, last) => [Math.min(1, first ?? 1), Math.max(10, last ?? 10)] },
      y: { range: heightRange },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        label: 'epoch',
        labelSize: 14,
        labelGap: 0,
        labelFont: axis.font as string,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100],
        space: 40,
      },
      { ...axis, size: 48, gap: 4, space: 30, values: (_, values) => ticks(values, figure.axis) },
    ],
    series: [
      {},
      ...figure.lines.map(({ label, dash, width: stroke, twin }) => ({
        label,
        stroke: theme[twin],
        width: stroke,
        dash: dash.map(length => length * devicePixelRatio),
        points: { show: false },
      })),
    ],
    hooks: { draw: [plot => labelEnds(plot, figure, theme)] },
  };
}
