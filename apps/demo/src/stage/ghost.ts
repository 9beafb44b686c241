/** The curves of the run before, drawn behind those of this one. */
import type uPlot from 'uplot';
import type { Columns, Line, Theme } from './figure.ts';

/** Points closer to each other than this, in pixels, are drawn as one. */
const closest = 0.75;

function pathOf(plot: uPlot, positions: readonly number[], values: readonly number[]): Path2D {
  const path = new Path2D();
  let last = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  positions.forEach((position, i) => {
    const value = values[i] ?? Number.NaN;
    const x = plot.valToPos(position, 'x', true);
    if (!Number.isFinite(value) || (x - last < closest && i < positions.length - 1)) return;
    last = x;
    const y = plot.valToPos(value, 'y', true);
    if (isOpen) path.lineTo(x, y);
    else path.moveTo(x, y);
    isOpen = true;
  });
  return path;
}

/** Faint and finely dashed, with what it is in the corner. */
export function drawGhost(
  plot: uPlot,
  [positions = [], ...columns]: Columns,
  lines: readonly Line[],
  theme: Theme,
): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.font = `italic ${11 * ratio}px ${theme.font}`;
  ctx.textBaseline = 'top';
  ctx.fillStyle = theme.faint;
  ctx.fillText('┄ run before', left + 4 * ratio, top + 2 * ratio);
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1.25 * ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  lines.forEach(({ colour, width: stroke }, i) => {
    if (!stroke) return;
    ctx.strokeStyle = theme[colour];
    ctx.stroke(pathOf(plot, positions, columns[i] ?? []));
  });
  ctx.restore();
}
