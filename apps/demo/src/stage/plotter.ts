/** What draws charts, in a file of its own: it is the largest part of a scene's program, and the page is read before it is there. */
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Columns } from './figure.ts';
import { type Asked, plotOptions } from './plot.ts';

export interface Plot {
  setData(columns: Columns): void;
  setSize(size: { readonly width: number; readonly height: number }): void;
  /** Puts the cursor at a position of the horizontal axis. */
  point(position: number): void;
  redraw(): void;
  destroy(): void;
}

/** uPlot leaves out null. */
const drawable = (columns: Columns): UPlot.AlignedData =>
  columns.map(column => column.map(value => (Number.isNaN(value) ? null : value))) as UPlot.AlignedData;

export function plotIn(host: HTMLElement, asked: Asked, columns: Columns): Plot {
  const plot = new UPlot(plotOptions(asked), drawable(columns), host);
  return {
    setData: next => plot.setData(drawable(next)),
    setSize: size => plot.setSize(size),
    point: position => plot.setCursor({ left: plot.valToPos(position, 'x'), top: 0 }, false),
    redraw: () => plot.redraw(),
    destroy: () => plot.destroy(),
  };
}
