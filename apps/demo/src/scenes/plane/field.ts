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

/** From `side` cells in each row to `size` pixels in each, bilinear between the middles of the cells. */
export function enlarged(field: Uint8Array, side: number, size: number): Float32Array {
  const places = Array.from({ length: size }, (_, i) =>
    Math.min(side - 1.001, Math.max(0, ((i + 0.5) / size) * side - 0.5)),
  );
  const first = Int32Array.from(places, Math.floor);
  const share = Float32Array.from(places, place => place % 1);
  const pixels = new Float32Array(size * size);
  for (let y = 0, at = 0; y < size; y++) {
    const [row, down] = [first[y]! * side, share[y]!];
    for (let x = 0; x < size; x++, at++) {
      const [cell, across] = [row + first[x]!, share[x]!];
      const upper = field[cell]! + (field[cell + 1]! - field[cell]!) * across;
      const lower = field[cell + side]! + (field[cell + side + 1]! - field[cell + side]!) * across;
      pixels[at] = upper + (lower - upper) * down;
    }
  }
  return pixels;
}

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
  const answers = enlarged(field, cells, grain);
  const doubts = doubt && enlarged(doubt, doubtCells, grain);
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i]!;
    const right = i % grain < grain - 1 ? answers[i + 1]! : answer;
    const below = answers[i + grain] ?? answer;
    const border = answer > 127.5 !== right > 127.5 || answer > 127.5 !== below > 127.5;
    const darkness = doubts ? Math.min(1, doubts[i]! / (510 * mostDoubt)) * shade : 0;
    const share = border ? 1 : darkness;
    const plain = colours[Math.round(answer)]!;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = plain[c]! + (ink[c]! - plain[c]!) * share;
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
