/** A chart of values with their intervals, one below the other, in columns. */
import type { Measured } from '@keepprob/lens/statistics';
import * as Plot from '@observablehq/plot';
import { colours, drawn } from '../chart.ts';

export interface Row {
  /** The heading above the row's panel. */
  readonly panel: string;
  readonly name: string;
  readonly measured: Measured;
  readonly colour?: string;
}

/** Dots with the 95 % interval as a bar; one panel below the other, with one scale. The line is at `none`, where there is no difference. */
export function intervalChart(rows: readonly Row[], label: string, none = 0): string {
  const flat = rows.map(({ panel, name, measured, colour = colours.blue }) => {
    const { value, interval } = measured;
    return { panel, name, value, low: interval[0], high: interval[1], colour };
  });
  const panels = [...new Set(flat.map(({ panel }) => panel))];
  const names = [...new Set(flat.map(({ name }) => name))];
  const panelHeight = 34 + 22 * names.length;
  const longest = Math.max(...names.map(name => name.length));
  return drawn({
    width: 480,
    height: 56 + panelHeight * panels.length,
    marginLeft: 24 + 6.6 * longest,
    marginRight: 24,
    marginTop: 12,
    marginBottom: 42,
    x: { label, labelAnchor: 'center', labelArrow: 'none', nice: true, grid: true, ticks: 7 },
    y: { domain: names, label: null, padding: 0.4, tickSize: 0 },
    fy: { domain: panels, axis: null, padding: 0.3 },
    marks: [
      Plot.text(panels, { fy: d => d, text: d => d, frameAnchor: 'top-left', dy: -12, fontWeight: 'bold' }),
      Plot.ruleX([none], { stroke: '#333' }),
      Plot.ruleY(flat, { fy: 'panel', y: 'name', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 3 }),
      Plot.dot(flat, { fy: 'panel', y: 'name', x: 'value', fill: 'colour', r: 5 }),
    ],
  });
}
