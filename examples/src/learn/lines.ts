/** A chart of curves with bands or bars around them, one panel below the other. */
import * as Plot from '@observablehq/plot';
import { drawn } from '../chart.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of the bar, or of the band. */
  readonly low?: number;
  readonly high?: number;
}
export interface Curve {
  readonly panel: string;
  /** Written at the end of the curve; nothing where it is empty. */
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** Dots with bars by default; a band is without dots. */
  readonly around?: 'bars' | 'band';
  readonly dashed?: boolean;
}
export interface Axes {
  readonly x: string;
  readonly y: string;
  /** A logarithmic scale of x. */
  readonly log?: boolean;
  /** Ticks of x, where they are the points themselves. */
  readonly at?: readonly number[];
  /** Draws a line at y = 0. */
  readonly zero?: boolean;
}

export function lineChart(curves: readonly Curve[], { x, y, log, at, zero }: Axes): string {
  const panels = [...new Set(curves.map(({ panel }) => panel))];
  const longest = Math.max(...curves.map(({ name }) => name.length));
  const marks = curves.flatMap(({ panel, name, colour, points, around = 'bars', dashed }) => {
    const rows = points.map(point => ({ ...point, panel }));
    const ends = rows.filter(({ low, high }) => low !== undefined && high !== undefined);
    const place = { x: 'x', fy: 'panel' } as const;
    return [
      around === 'band'
        ? Plot.areaY(ends, { ...place, y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.18 })
        : Plot.ruleX(ends, { ...place, y1: 'low', y2: 'high', stroke: colour, strokeWidth: 2 }),
      Plot.line(rows, { ...place, y: 'y', stroke: colour, strokeWidth: 2, ...(dashed && { strokeDasharray: '5 4' }) }),
      ...(around === 'bars' && !dashed ? [Plot.dot(rows, { ...place, y: 'y', fill: colour, r: 3.5 })] : []),
      Plot.text(rows.slice(-1), { ...place, y: 'y', text: () => name, textAnchor: 'start', dx: 8, fill: colour }),
    ];
  });
  return drawn({
    width: 480,
    height: 60 + 190 * panels.length,
    marginLeft: 56,
    marginRight: 20 + 6.6 * longest,
    marginTop: 24,
    marginBottom: 42,
    x: {
      label: x,
      labelAnchor: 'center',
      labelArrow: 'none',
      ...(log && { type: 'log' }),
      ...(at && { ticks: at, tickFormat: (d: number) => (d < 1 ? `${d}` : d.toLocaleString('en')) }),
    },
    y: { label: y, labelArrow: 'none', grid: true, nice: true },
    fy: { domain: panels, axis: null, padding: 0.18 },
    marks: [
      ...(panels.length > 1 || panels[0]
        ? [Plot.text(panels, { fy: d => d, text: d => d, frameAnchor: 'top-left', dy: -14, fontWeight: 'bold' })]
        : []),
      ...(zero ? [Plot.ruleY([0], { stroke: '#333' })] : []),
      ...marks,
    ],
  } as Plot.PlotOptions);
}
