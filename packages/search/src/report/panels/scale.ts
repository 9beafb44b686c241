/** A dimension as an axis: maps its numbers to positions from 0 on the left to 1 on the right. */
import { short } from '@keepprob/lens/page';
import type { Dimension, Ordered } from '../../contract.ts';
import { named, valueIn } from '../words.ts';

export interface Scale {
  /** The name with its unit. */
  readonly label: string;
  place(x: number): number;
  /** The number at a position, in words. */
  at(place: number): string;
  /** Positions with a number or a name. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Position of "off"; undefined if the dimension has none. */
  readonly off: number | undefined;
}

export const scaleOf = (dimension: Dimension): Scale =>
  dimension.kind === 'choice' ? ofChoice(dimension) : ofNumbers(dimension);

function ofChoice(dimension: Extract<Dimension, { kind: 'choice' }>): Scale {
  const { labels, name, off } = dimension;
  const place = (x: number): number => (x + 0.5) / labels.length;
  return {
    ...{ label: named(name), place, at: p => valueIn(dimension, Math.round(p * labels.length - 0.5)) },
    ticks: labels.map((label, i) => ({ at: place(i), label: i === off ? `${label}, off` : label })),
    off: off === undefined ? undefined : place(off),
  };
}

/** Space for an "off" that lies outside a logarithmic scale. */
const ASIDE = 0.13;
/** Distance within which a tick would overlap that of "off". */
const NEAR = 0.12;

function ofNumbers(dimension: Ordered): Scale {
  const { kind, name, off, log } = dimension;
  const isAside = log && off !== undefined && off < dimension.low;
  const [low, high] = isAside
    ? [dimension.low, dimension.high]
    : [Math.min(dimension.low, off ?? dimension.low), Math.max(dimension.high, off ?? dimension.high)];
  const share = (x: number): number => (log ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low));
  const number = (s: number): number => (log ? low * (high / low) ** s : low + s * (high - low));
  const place = (x: number): number => {
    if (isAside) return x < low ? 0 : ASIDE + (1 - ASIDE) * share(x);
    return kind === 'keepProb' ? 1 - share(x) : share(x);
  };
  const at = (p: number): number => {
    if (isAside) return p < ASIDE ? (off ?? 0) : number((p - ASIDE) / (1 - ASIDE));
    return number(kind === 'keepProb' ? 1 - p : p);
  };
  const numbers = log ? decades(low, high) : even(low, high, kind === 'int');
  return {
    label: `${named(name)}${kind === 'keepProb' ? ', share kept' : log ? ', logarithmic' : ''}`,
    ...{ place, at: p => short(at(p)) },
    ticks: [
      ...(off === undefined ? [] : [{ at: place(off), label: `${short(off)}, off` }]),
      ...numbers
        .map(x => ({ at: place(x), label: short(x) }))
        .filter(tick => off === undefined || Math.abs(tick.at - place(off)) > NEAR),
    ],
    off: off === undefined ? undefined : place(off),
  };
}

/** Powers of ten between the bounds, five at most. */
function decades(low: number, high: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((to - from + 1) / 5));
  const powers = Array.from(
    { length: Math.max(0, Math.floor((to - from) / step) + 1) },
    (_, i) => 10 ** (from + i * step),
  );
  return powers.length >= 2 ? powers : [low, high];
}

function even(low: number, high: number, isWhole: boolean): number[] {
  const rough = (high - low) / 5;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(isWhole ? 1 : 0, [1, 2, 5, 10].map(n => n * size).find(s => s >= rough * (1 - 1e-9)) ?? rough);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const numbers = Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return numbers.length >= 2 ? numbers : [low, high];
}
