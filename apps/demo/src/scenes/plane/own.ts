/** Points of the visitor's own, as a text that an address can hold: four characters each. */
import type { Plane } from '../../stage/points.ts';
import { random } from '../../stage/sample.ts';
import { reach } from './reports.ts';

/** More are refused: every iteration looks at all of them. */
export const mostPoints = 2000;
/** With more of them a link would be too long for some programs. */
export const mostInLink = 400;
/** Of each class: fewer are too few to learn from and to test with. */
export const leastOfClass = 5;
/** The share of them that nothing is learnt from. */
const devShare = 0.3;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base = alphabet.length;
/** Coordinates are whole thousandths, as those of the other data. */
const places = Math.round(2000 * reach) + 1;
const none: Plane = { x: [], y: [] };

const placeOf = (value: number): number => Math.min(places - 1, Math.max(0, Math.round(1000 * (value + reach))));
const coordinateOf = (place: number): number => Math.round(place - 1000 * reach) / 1000;

/** 24 bits: both places and the class. */
function wordOf([x, y]: readonly [number, number], label: number): string {
  let left = 2 * (placeOf(x) * places + placeOf(y)) + label;
  let word = '';
  for (let i = 0; i < 4; i++) {
    word = alphabet.charAt(left % base) + word;
    left = Math.floor(left / base);
  }
  return word;
}

export const textOf = ({ x, y }: Plane): string => x.map((at, i) => wordOf(at, y[i] ?? 0)).join('');

/** @returns no points for a text that holds none */
export function pointsOf(text: string): Plane {
  if (text.length % 4 || text.length > 4 * mostPoints) return none;
  const x: (readonly [number, number])[] = [];
  const y: number[] = [];
  for (let at = 0; at < text.length; at += 4) {
    const code = [...text.slice(at, at + 4)].reduce((sum, letter) => {
      const digit = alphabet.indexOf(letter);
      return digit < 0 ? Number.NaN : sum * base + digit;
    }, 0);
    const place = Math.floor(code / 2);
    if (!(place < places ** 2)) return none;
    x.push([coordinateOf(Math.floor(place / places)), coordinateOf(place % places)]);
    y.push(code % 2);
  }
  return { x, y };
}

export const countOf = ({ y }: Plane, label: number): number => y.filter(own => own === label).length;

/** Why nothing can be learnt from these points; empty where something can. */
export function obstacleIn(points: Plane): string {
  const { x, y } = points;
  if (!x.length) return 'There are no points of your own yet. Put some on the board, or choose a file.';
  const [zeros, ones] = [countOf(points, 0), countOf(points, 1)];
  if (!zeros || !ones)
    return `All points are of class ${y[0]}, so there is nothing to tell apart. Add points of the other class.`;
  if (x.every(([left, top]) => left === x[0]?.[0] && top === x[0]?.[1]))
    return 'All points are in the same place, so nothing can tell the classes apart. Add points elsewhere.';
  if (Math.min(zeros, ones) < leastOfClass)
    return `At least ${leastOfClass} points of each class are needed, to learn from some and test with others. There are ${zeros} of class 0 and ${ones} of class 1.`;
  return '';
}

/** Three tenths of each class, drawn from the seed, are dev points. */
export function parted(points: Plane, seed: number): { readonly train: Plane; readonly dev: Plane } {
  const next = random(2 * seed + 1);
  const isDev = new Uint8Array(points.y.length);
  for (const label of [0, 1]) {
    const own = points.y.flatMap((found, i) => (found === label ? [{ i, at: next() }] : []));
    const some = own.toSorted((a, b) => a.at - b.at).slice(0, Math.max(1, Math.round(devShare * own.length)));
    for (const { i } of some) isDev[i] = 1;
  }
  const of = (dev: number): Plane => ({
    x: points.x.filter((_, i) => isDev[i] === dev),
    y: points.y.filter((_, i) => isDev[i] === dev),
  });
  return { train: of(0), dev: of(1) };
}
