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

/** The value between the cells' middles, bilinear; `side` cells in each row. */
export function answerAt(field: Uint8Array, across: number, down: number, side: number = cells): number {
  const clamp = (place: number): number => Math.min(side - 1.001, Math.max(0, place * side - 0.5));
  const [x, y] = [clamp(across), clamp(down)];
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const at = (row: number, column: number): number => field[row * side + column] ?? 0;
  const upper = at(j, i) + (at(j, i + 1) - at(j, i)) * (x - i);
  const lower = at(j + 1, i) + (at(j + 1, i + 1) - at(j + 1, i)) * (x - i);
  return upper + (lower - upper) * (y - j);
}

/** Pixels of a side that are computed; the canvas enlarges them. */
export const grain = 210;

/** By answer, 0 to 255: classes by colour, the more certain the stronger. */
function palette(inks: Colours): readonly Rgb[] {
  const [zero, one, card] = [rgb(inks.zero), rgb(inks.one), rgb(inks.card)];
  return Array.from({ length: 256 }, (_, answer) => {
    const lean = (answer - 127.5) / 127.5;
    return mixed(card, lean > 0 ? one : zero, strength * Math.abs(lean));
  });
}

/** The field as a picture of `grain` pixels a side, and the border between the classes as a line; the greater the doubt, the more of the ink. */
export function paint(field: Uint8Array, inks: Colours, doubt?: Uint8Array): ImageData {
  const image = new ImageData(grain, grain);
  const colours = palette(inks);
  const ink = rgb(inks.ink);
  const place = (i: number): [number, number] => [((i % grain) + 0.5) / grain, (Math.floor(i / grain) + 0.5) / grain];
  const answers = Float32Array.from({ length: grain * grain }, (_, i) => answerAt(field, ...place(i)));
  const darkness = (i: number): number =>
    doubt ? Math.min(1, answerAt(doubt, ...place(i), doubtCells) / (510 * mostDoubt)) * shade : 0;
  const isOne = (i: number): boolean => (answers[i] ?? 0) > 127.5;
  for (let i = 0; i < answers.length; i++) {
    const right = i % grain < grain - 1 ? i + 1 : i;
    const below = i + grain < answers.length ? i + grain : i;
    const border = isOne(i) !== isOne(right) || isOne(i) !== isOne(below);
    const plain = colours[Math.round(answers[i] ?? 0)] ?? ink;
    const [red, green, blue] = mixed(plain, ink, border ? 1 : darkness(i));
    image.data[4 * i] = red;
    image.data[4 * i + 1] = green;
    image.data[4 * i + 2] = blue;
    image.data[4 * i + 3] = 255;
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
