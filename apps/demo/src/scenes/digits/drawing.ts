/** Geometry of the thinned network: the digit, 16 units of each hidden layer, the 10 outputs. */
import { keepSample } from '../../stage/sample.ts';
import type { ThinnedLayer } from '../../stage/worker/masks.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { type Picture, sizes } from './reports.ts';

type Layers = readonly ThinnedLayer[];

export const view = { width: 560, height: 376 } as const;
export const drawnUnits = 16;
const digitSide = 168;
/** Side of one pixel of the digit. */
export const pixel = digitSide / 28;
export const digitBox = { x: 0, y: (view.height - digitSide) / 2, side: digitSide } as const;

export interface Unit {
  readonly x: number;
  readonly y: number;
  readonly kept: boolean;
}

const column = (x: number, kept: readonly boolean[]): Unit[] => {
  const gap = view.height / kept.length;
  return kept.map((isKept, i) => ({ x, y: gap * (i + 0.5), kept: isKept }));
};

const keptOf = (layers: Layers, name: string): boolean[] =>
  Array.from({ length: drawnUnits }, (_, i) => layers.find(layer => layer.name === name)?.kept[i] !== 0);

/** What a step might drop at these settings. */
export const sampleLayers = (settings: Settings): ThinnedLayer[] =>
  Object.entries(keepProbsOf(settings)).map(([name, keepProb], i) => ({
    name,
    keepProb,
    kept: keepSample(Object.entries(sizes).find(([key]) => key === name)?.[1] ?? 0, keepProb, 4 * settings.seed + i),
  }));

export interface Columns {
  readonly hidden1: readonly Unit[];
  readonly hidden2: readonly Unit[];
  readonly output: readonly Unit[];
}

export const unitsOf = (layers: Layers): Columns => ({
  hidden1: column(278, keptOf(layers, 'hidden1')),
  hidden2: column(408, keptOf(layers, 'hidden2')),
  output: column(528, new Array(sizes.output).fill(true)),
});

/** One path of all edges between units that are kept. */
export const edges = (from: readonly Unit[], to: readonly Unit[]): string =>
  from
    .filter(unit => unit.kept)
    .flatMap(a => to.filter(unit => unit.kept).map(b => `M${a.x} ${a.y}L${b.x} ${b.y}`))
    .join('');

/** Edges from the digit's right side, evenly spaced, to the kept units. */
export const inputEdges = (to: readonly Unit[]): string =>
  to
    .map((b, i) => {
      const y = digitBox.y + (digitBox.side * (i + 0.5)) / to.length;
      return b.kept ? `M${digitBox.side + 6} ${y.toFixed(1)}L${b.x} ${b.y}` : '';
    })
    .join('');

const corner = (i: number): [number, number] => [(i % 28) * pixel, digitBox.y + Math.floor(i / 28) * pixel];

/** The digit's ink in four greys, pixels that are dropped left out: one path per grey. */
export function ink(picture: Picture): { readonly opacity: number; readonly path: string }[] {
  const kept = picture.layers.find(layer => layer.name === 'input')?.kept;
  const paths = ['', '', '', ''];
  picture.digit.forEach((grey, i) => {
    if (grey < 0.06 || kept?.[i] === 0) return;
    const [x, y] = corner(i);
    paths[Math.min(3, Math.floor(grey * 4))] += `M${x} ${y}h${pixel}v${pixel}h-${pixel}z`;
  });
  return paths.map((path, i) => ({ opacity: (i + 1) / 4, path }));
}

/** A small cross on every dropped pixel. */
export function crosses(layers: Layers): string {
  const kept = layers.find(layer => layer.name === 'input')?.kept ?? [];
  return Array.from(kept, (isKept, i) => {
    if (isKept) return '';
    const [x, y] = corner(i);
    const [near, far] = [pixel * 0.25, pixel * 0.75];
    return `M${x + near} ${y + near}L${x + far} ${y + far}M${x + far} ${y + near}L${x + near} ${y + far}`;
  }).join('');
}

export interface Dropped {
  readonly name: string;
  readonly label: string;
  readonly dropped: number;
  readonly total: number;
}

const labels = { input: 'Input', hidden1: 'Hidden 1', hidden2: 'Hidden 2' } as const;

export const droppedOf = (layers: Layers): Dropped[] =>
  (['input', 'hidden1', 'hidden2'] as const).map(name => {
    const kept = layers.find(layer => layer.name === name)?.kept;
    const total = sizes[name];
    return { name, label: labels[name], total, dropped: kept ? kept.reduce((n, isKept) => n + 1 - isKept, 0) : 0 };
  });
