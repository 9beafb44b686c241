/** Draws a network's answers over the plane, and the points. */
import { mixed, type Rgb, rgb } from '../../stage/colours.ts';
import type { Plane } from '../../stage/points.ts';
import { doubtCells, mostDoubt } from './doubt.ts';
import { cells, reach } from './reports.ts';

export const inkNames = ['zero', 'one', 'ink', 'card'] as const;
export type Colours = Readonly<Record<(typeof inkNames)[number], string>>;

/** How much of a class's colour its certain side has; the rest is the card's. */
const strength = 0.42;
/** How much of the ink the greatest doubt has. */
const shade = 0.75;

/** Pixels of a side that are computed; the canvas enlarges them. */
export const grain = 210;

/** Values between the middles of cells, bilinear, for every pixel; `side` cells in each row. */
export function smooth(field: Uint8Array, side: number = cells): Float32Array {
  const place = (_: unknown, pixel: number): number =>
    Math.min(side - 1.001, Math.max(0, ((pixel + 0.5) / grain) * side - 0.5));
  const places = Float64Array.from({ length: grain }, place);
  const values = new Float32Array(grain * grain);
  // on the page's own thread, so nothing is made for a pixel
  for (let row = 0; row < grain; row++) {
    const y = places[row] ?? 0;
    const above = Math.floor(y) * side;
    const down = y % 1;
    for (let column = 0; column < grain; column++) {
      const x = places[column] ?? 0;
      const at = above + Math.floor(x);
      const across = x % 1;
      const a = field[at] ?? 0;
      const c = field[at + side] ?? 0;
      const upper = a + ((field[at + 1] ?? 0) - a) * across;
      const lower = c + ((field[at + side + 1] ?? 0) - c) * across;
      values[row * grain + column] = upper + (lower - upper) * down;
    }
  }
  return values;
}

/** As four bytes of a picture: red first, opaque. */
const packed = (colour: Rgb): number => {
  const [red, green, blue] = colour.map(Math.round);
  return ((255 << 24) | ((blue ?? 0) << 16) | ((green ?? 0) << 8) | (red ?? 0)) >>> 0;
};

/** Shades of doubt that are told apart. */
const shades = 32;

/** By shade, then by answer, 0 to 255: classes by colour, the more certain the stronger; the greater the doubt, the more of the ink. */
function palette(inks: Colours, count: number): Uint32Array {
  const [zero, one, card, ink] = [rgb(inks.zero), rgb(inks.one), rgb(inks.card), rgb(inks.ink)];
  return Uint32Array.from({ length: 256 * count }, (_, i) => {
    const lean = ((i % 256) - 127.5) / 127.5;
    const plain = mixed(card, lean > 0 ? one : zero, strength * Math.abs(lean));
    return packed(mixed(plain, ink, (shade * Math.floor(i / 256)) / (shades - 1)));
  });
}

/** The field as a picture of `grain` pixels a side, and the border between the classes as a line; the greater the doubt, the more of the ink. */
export function paint(field: Uint8Array, inks: Colours, doubt?: Uint8Array): ImageData {
  const image = new ImageData(grain, grain);
  const pixels = new Uint32Array(image.data.buffer);
  const answers = smooth(field);
  const doubts = doubt && smooth(doubt, doubtCells);
  const colours = palette(inks, doubts ? shades : 1);
  const ink = packed(rgb(inks.ink));
  const isOne = (i: number): boolean => (answers[i] ?? 0) > 127.5;
  for (let i = 0; i < pixels.length; i++) {
    const right = i % grain < grain - 1 ? i + 1 : i;
    const below = i + grain < pixels.length ? i + grain : i;
    const isBorder = isOne(i) !== isOne(right) || isOne(i) !== isOne(below);
    const darkness = doubts ? Math.min(1, (doubts[i] ?? 0) / (510 * mostDoubt)) : 0;
    const colour = 256 * Math.round(darkness * (shades - 1)) + Math.round(answers[i] ?? 0);
    pixels[i] = isBorder ? ink : (colours[colour] ?? ink);
  }
  return image;
}

/** Class 0 as discs, class 1 as triangles; a ring around those that the network gets wrong. */
export function dot(
  context: CanvasRenderingContext2D,
  points: Plane,
  wrong: Uint8Array | undefined,
  size: number,
  hollow: boolean,
  inks: Colours,
): void {
  const { width } = context.canvas;
  points.x.forEach(([x, y], i) => {
    const [left, top] = [((x / reach + 1) / 2) * width, ((1 - y / reach) / 2) * width];
    const colour = points.y[i] ? inks.one : inks.zero;
    context.beginPath();
    if (points.y[i]) {
      context.moveTo(left, top - size * 1.2);
      context.lineTo(left + size * 1.1, top + size * 0.8);
      context.lineTo(left - size * 1.1, top + size * 0.8);
      context.closePath();
    } else context.arc(left, top, size, 0, 2 * Math.PI);
    context.fillStyle = hollow ? inks.card : colour;
    context.strokeStyle = hollow ? colour : inks.card;
    context.lineWidth = hollow ? size / 2.5 : size / 4;
    context.fill();
    context.stroke();
    if (!wrong?.[i]) return;
    context.beginPath();
    context.arc(left, top, size * 2, 0, 2 * Math.PI);
    context.strokeStyle = inks.ink;
    context.lineWidth = size / 2.5;
    context.stroke();
  });
}
