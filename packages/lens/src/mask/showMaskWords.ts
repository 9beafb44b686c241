/** The result of `showMask` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { heatMap } from '../finding/heatMap.ts';
import { clipped, colors, type Figure, type Panel, WIDTH } from '../finding/picture.ts';
import { short, table } from '../finding/terminal.ts';
import type { ShownDropout, ShownMask } from './types.ts';

type Found = Omit<ShownMask, 'text' | 'picture'>;

const count = (kept: Uint8Array): number => kept.reduce((a, b) => a + b, 0);

export function maskHeadline({ step, row, dropouts, parameters: { total, trained }, unknown }: Found): string {
  const all = `${trained.toLocaleString('en')} of ${total.toLocaleString('en')} parameters`;
  if (!dropouts.length) {
    return unknown.length
      ? `No mask of this model can be drawn again.`
      : `The model has no dropout: every step can train all ${total.toLocaleString('en')} parameters.`;
  }
  return `Step ${step}, row ${row} of its batch: a network of ${all} (${short((100 * trained) / total)}\u00a0%).`;
}

/** One row per dropout, after the header. */
export function maskRows({ dropouts, step }: Found): string[][] {
  const head = ['dropout', 'keepProb', 'kept', `seen in steps 0 … ${step}`, 'expected', 'never seen'];
  const lines = dropouts.map(d => [
    d.name,
    short(d.keepProb),
    `${count(d.kept)} of ${d.kept.length}`,
    `${Math.min(...d.seen)} … ${Math.max(...d.seen)}`,
    short(d.expected),
    String(d.seen.filter(n => n === 0).length),
  ]);
  return lines.length ? [head, ...lines] : [];
}

export function maskText(found: Found): string {
  const { dropouts, unknown, warnings } = found;
  const rows = maskRows(found);
  const strips = dropouts
    .filter(d => d.kept.length <= 80)
    .map(d => `${d.name}: ${Array.from(d.kept, k => (k ? '●' : '×')).join('')}`);
  return [
    maskHeadline(found),
    ...(rows.length ? [table(rows)] : []),
    ...strips,
    ...(rows.length ? ['Each row of a batch has its own mask; the counts are for this row.'] : []),
    ...unknown.map(what => `cannot tell: ${what}`),
    ...warnings,
  ].join('\n');
}

export function maskFigure(found: Found): Figure {
  const { columns, dropouts, unknown, warnings, step } = found;
  return {
    title: `The network of step ${step}`,
    caption: [maskHeadline(found), ...unknown.map(u => `Cannot tell: ${u}.`), ...warnings].join(' '),
    panels: [
      ...(columns.length && columns.length <= MOST_COLUMNS ? [network(found)] : dropouts.map(keptPanel)),
      ...dropouts.map(d => seenPanel(d, step)),
    ],
  };
}

const DRAWN = 16;
/** With more columns there is no room for their names. */
const MOST_COLUMNS = 7;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly kept: boolean;
}

/** Up to 16 units of each column, and the edges between those that were kept. */
function network({ columns }: Found): Panel {
  const dots = columns.map(({ kept }, x) => {
    const drawn = Array.from(kept.subarray(0, DRAWN));
    return drawn.map((k, i): Dot => ({ x, y: (i + 0.5) / drawn.length, kept: k === 1 }));
  });
  const edges = dots
    .slice(1)
    .flatMap((to, i) =>
      (dots[i] as Dot[])
        .filter(d => d.kept)
        .flatMap(a => to.filter(d => d.kept).map(b => ({ x1: a.x, y1: a.y, x2: b.x, y2: b.y }))),
    );
  // names of neighbors must not touch: fewer characters if columns are closer
  const characters = Math.floor((WIDTH - 60) / columns.length / 8.5);
  const heads = columns.map(({ name, kept }, x) => ({
    x,
    name: name.length > characters ? `${name.slice(0, characters - 1)}…` : name,
    kept: columns.length > 4 ? `${short((100 * count(kept)) / kept.length)} %` : `${count(kept)} / ${kept.length}`,
  }));
  const all = dots.flat();
  const note = columns.some(({ kept }) => kept.length > DRAWN) ? `; the first ${DRAWN} units of each layer` : '';
  return {
    title: `Units that were kept (●) and dropped (×)${note}`,
    options: {
      height: 320,
      marginLeft: 50,
      marginRight: 50,
      marginTop: 44,
      marginBottom: 10,
      x: { axis: null, domain: [0, columns.length - 1] },
      y: { axis: null, domain: [1, 0] },
      marks: [
        Plot.link(edges, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: colors.second, strokeOpacity: 0.35 }),
        Plot.dot(
          all.filter(d => d.kept),
          { x: 'x', y: 'y', fill: colors.second, r: 4.5 },
        ),
        Plot.dot(
          all.filter(d => !d.kept),
          { x: 'x', y: 'y', stroke: colors.accent, symbol: 'times', r: 4.5, strokeWidth: 2 },
        ),
        Plot.text(heads, { x: 'x', text: 'name', frameAnchor: 'top', dy: -34, fontWeight: 600 }),
        Plot.text(heads, { x: 'x', text: 'kept', frameAnchor: 'top', dy: -18 }),
      ],
    },
  };
}

const strip = (values: ArrayLike<number>, title: string): Panel =>
  heatMap({ values, shape: [1, values.length] }, { title, x: 'unit', y: '' });

const keptPanel = ({ name, kept }: ShownDropout): Panel =>
  strip(kept, `Kept at "${clipped(name)}", ${count(kept)} of ${kept.length}`);

const seenPanel = ({ name, seen, expected }: ShownDropout, step: number): Panel =>
  strip(
    seen,
    `Times seen in ${step + 1} ${step ? 'steps' : 'step'} at "${clipped(name)}", ${short(expected)} expected`,
  );
