/** uPlot set up for a figure: lines told apart by dashes and by labels at their ends, marks of changes, colours of the page's theme. */
import type uPlot from 'uplot';
import { bandsOf, type Columns, type Figure, heightOfBoth, spread, type Theme } from './figure.ts';
import { drawGhost } from './ghost.ts';
import type { Mark } from './run.svelte.ts';
import { count } from './shows.ts';

const labelHeight = 14;

const columnsOf = (plot: uPlot): number[][] =>
  plot.data.map(column => Array.from(column, value => value ?? Number.NaN));

/** Writes each line's name at its last point, in the margin, with no two on top of each other. */
function labelEnds(plot: uPlot, { lines }: Figure, theme: Theme): void {
  const [positions = [], ...all] = columnsOf(plot);
  const columns = all.slice(0, lines.length);
  if (!positions.length) return;
  const lasts = columns.map(column => column.findLastIndex(Number.isFinite));
  const ratio = devicePixelRatio;
  const { left, top, width, height: tall } = plot.bbox;
  const ends = columns.map((column, i) => plot.valToPos(column[lasts[i] ?? 0] ?? 0, 'y', true));
  const half = (labelHeight * ratio) / 2;
  const heights = spread(ends, labelHeight * ratio, top + half, top + tall - half);
  const { ctx } = plot;
  ctx.save();
  ctx.font = `500 ${11 * ratio}px ${theme.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  lines.forEach(({ label, colour }, i) => {
    const right = left + width;
    const [end = 0, height = end] = [ends[i], heights[i]];
    const newest = positions[lasts[i] ?? -1];
    if (newest === undefined) return;
    ctx.strokeStyle = theme.rule;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(plot.valToPos(newest, 'x', true) + 3 * ratio, end);
    ctx.lineTo(right + 4 * ratio, height);
    ctx.stroke();
    ctx.fillStyle = theme[colour];
    ctx.fillText(label, right + 7 * ratio, height);
  });
  ctx.restore();
}

/** A line where a setting was changed, with a triangle at its foot. */
function drawMarks(plot: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const { top, height } = plot.bbox;
  const foot = top + height;
  ctx.save();
  ctx.strokeStyle = theme.faint;
  ctx.fillStyle = theme.faint;
  ctx.lineWidth = ratio;
  ctx.setLineDash([ratio, 3 * ratio]);
  for (const { at } of marks) {
    const x = plot.valToPos(at, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, foot);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, foot - 6 * ratio);
    ctx.lineTo(x + 4 * ratio, foot);
    ctx.lineTo(x - 4 * ratio, foot);
    ctx.fill();
  }
  ctx.restore();
}

/** Says how far lines go beyond the frame. */
function sayAbove(plot: uPlot, figure: Figure, ghost: Columns | undefined, theme: Theme): void {
  const { above } = heightOfBoth(columnsOf(plot), ghost, figure.floating);
  if (above === undefined) return;
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `500 ${11 * ratio}px ${theme.font}`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'right';
  ctx.fillStyle = theme.faint;
  const { left, width, top } = plot.bbox;
  const said = `▲ up to ${figure.show(above)}`;
  const whole = `${said} at the start`;
  const fits = ctx.measureText(whole).width <= width - 8 * ratio;
  ctx.fillText(fits ? whole : said, left + width - 4 * ratio, top + 2 * ratio);
  ctx.restore();
}

/** Ticks with as many decimals as tell them apart. */
const ticks = (values: readonly number[], { factor, suffix }: Figure['axis']): string[] => {
  const step = factor * Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  const exact = (decimals: number): boolean => Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-6;
  const decimals = [0, 1, 2, 3, 4, 5].find(exact) ?? 6;
  return values.map(value => (factor * value).toFixed(decimals) + suffix);
};

/** Positions: whole numbers, or shares. */
const places = (values: readonly number[]): string[] =>
  values.map(value => (Number.isInteger(value) ? count(value) : String(value)));

/** Edges of bands, thin, and what is between them, so that the line shines through. */
function bands({ lines }: Figure, theme: Theme): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const found = bandsOf(lines).map(at => ({ ...at, colour: theme[lines[at.line]?.colour ?? 'ink'] }));
  const edge = { width: 0.5, points: { show: false } };
  return {
    series: found.flatMap(({ colour }) => [
      { ...edge, stroke: colour },
      { ...edge, stroke: colour },
    ]),
    bands: found.map(({ lower, upper, colour }) => ({ series: [upper + 1, lower + 1], fill: `${colour}26` })),
  };
}

export interface Asked {
  readonly figure: Figure;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  readonly marks: () => readonly Mark[];
  /** The curves of the run before, where they are shown. */
  readonly ghost: () => Columns | undefined;
  /** The position under the pointer. */
  readonly point: (index: number | undefined) => void;
}

export function plotOptions({ figure, theme, width, height, marks, ghost, point }: Asked): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: theme.faint,
    font: `11px ${theme.font}`,
    grid: { stroke: theme.rule, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  const drawn = bands(figure, theme);
  const { span } = figure;
  const longest = Math.max(...figure.lines.map(({ label }) => label.length));
  return {
    width,
    height,
    padding: [10, 22 + 5.6 * longest, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: (_, i) => (i <= figure.lines.length ? 7 : 0) } },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: {
        time: false,
        range: (_, first, last) => {
          if (span) return [...span];
          const start = figure.floating ? (first ?? 1) : Math.min(1, first ?? 1);
          return [start, Math.max(10, last ?? 10, ghost()?.[0]?.at(-1) ?? 10)];
        },
      },
      y: { range: plot => heightOfBoth(columnsOf(plot), ghost(), figure.floating).range },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        label: figure.x,
        labelSize: 14,
        labelGap: 0,
        labelFont: `11px ${theme.font}`,
        grid: { show: false },
        incrs: [...(span ? [0.05, 0.1, 0.2] : []), 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
        space: 40,
        values: (_, values) => places(values),
      },
      { ...axis, size: 48, gap: 4, space: 30, values: (_, values) => ticks(values, figure.axis) },
    ],
    series: [
      {},
      ...figure.lines.map(({ label, dash, width: stroke, colour, dots = false }) => ({
        label,
        stroke: theme[colour],
        width: stroke,
        dash: dash.map(length => length * devicePixelRatio),
        points: { show: dots, size: 6, fill: theme[colour] },
      })),
      ...drawn.series,
    ],
    bands: drawn.bands,
    hooks: {
      drawAxes: [
        plot => {
          const before = ghost();
          if (before) drawGhost(plot, before, figure.lines, theme);
        },
      ],
      draw: [
        plot => drawMarks(plot, marks(), theme),
        plot => sayAbove(plot, figure, ghost(), theme),
        plot => labelEnds(plot, figure, theme),
      ],
      setCursor: [plot => point(plot.cursor.idx ?? undefined)],
    },
  };
}
