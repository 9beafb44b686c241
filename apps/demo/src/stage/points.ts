/** Points with two classes, drawn anew from a seed: the page and the worker make the same. */
import { type Draw, football, type Landing, random } from '@keepprob/datasets/football';

export interface Points<At extends readonly number[] = readonly number[]> {
  /** Coordinates of each, about −1 to 1. */
  readonly x: readonly At[];
  /** 0 or 1. */
  readonly y: readonly number[];
}

/** In two dimensions. */
export type Plane = Points<readonly [number, number]>;

/** One point of the class; `at` is in [0, 1). */
type Shape = (label: number, at: number, noise: () => number) => [number, number];

const arc = (angle: number, radius: number): [number, number] => [radius * Math.cos(angle), radius * Math.sin(angle)];

const shapes = new Map<string, Shape>([
  [
    'moons',
    (label, at, noise) => {
      const [x, y] = arc(Math.PI * at, 0.65);
      return label
        ? [0.32 - x + noise() * 0.13, 0.18 - y + noise() * 0.13]
        : [x - 0.32 + noise() * 0.13, y - 0.18 + noise() * 0.13];
    },
  ],
  [
    'circles',
    (label, at, noise) => {
      const [x, y] = arc(2 * Math.PI * at, label ? 0.4 : 0.8);
      return [x + noise() * 0.12, y + noise() * 0.12];
    },
  ],
  [
    'spiral',
    (label, at, noise) => {
      const [x, y] = arc(3.2 * Math.sqrt(at) * Math.PI * 0.75 + Math.PI * label, 0.1 + 0.8 * Math.sqrt(at));
      return [x + noise() * 0.05, y + noise() * 0.05];
    },
  ],
]);

export const dataTitles = new Map([
  ['football', 'football field'],
  ['moons', 'two moons'],
  ['circles', 'two circles'],
  ['spiral', 'spiral'],
]);
export const dataNames: readonly string[] = [...dataTitles.keys()];

function shaped(shape: Shape, next: Draw): Landing {
  const label = Number(next() < 0.5);
  // Irwin–Hall: nearly normal
  const noise = (): number => next() + next() + next() + next() - 2;
  return { at: shape(label, next(), noise), label };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function draw(name: string, count: number, wrong: number, next: Draw): Plane {
  const shape = shapes.get(name);
  const drawn = Array.from({ length: count }, () => {
    const { at, label } = shape ? shaped(shape, next) : football(next);
    const flip = next() < wrong;
    return { at: [rounded(at[0]), rounded(at[1])] as const, label: flip ? 1 - label : label };
  });
  return { x: drawn.map(({ at }) => at), y: drawn.map(({ label }) => label) };
}

export const devPoints = 400;

/** Training points, and dev points from the same source. */
export function dataOf(settings: {
  readonly data: string;
  readonly points: number;
  readonly noise: number;
  readonly seed: number;
}): { readonly train: Plane; readonly dev: Plane } {
  const { data, points, noise, seed } = settings;
  return {
    train: draw(data, points, noise, random(2 * seed)),
    dev: draw(data, devPoints, noise, random(2 * seed + 1)),
  };
}

/** With random numbers beside the coordinates, which say nothing. */
export function wideDataOf(settings: Parameters<typeof dataOf>[0] & { readonly extra: number }): {
  readonly train: Points;
  readonly dev: Points;
} {
  const { train, dev } = dataOf(settings);
  const { extra, seed } = settings;
  const widened = ({ x, y }: Points, next: Draw): Points => ({
    x: x.map(at => [...at, ...Array.from({ length: extra }, () => rounded(2 * next() - 1))]),
    y,
  });
  return { train: widened(train, random(2 * seed + 20_001)), dev: widened(dev, random(2 * seed + 20_002)) };
}

/** In three dimensions: inside or outside of a bent ball, and near its surface by luck. */
function solid(count: number, next: Draw): Points {
  const drawn = Array.from({ length: count }, () => {
    const [x, y, z] = [2 * next() - 1, 2 * next() - 1, 2 * next() - 1];
    const depth = 0.98 - Math.hypot(x, y + 0.3 * x, z);
    return { at: [rounded(x), rounded(y), rounded(z)], label: Number(next() < 1 / (1 + Math.exp(-12 * depth))) };
  });
  return { x: drawn.map(({ at }) => at), y: drawn.map(({ label }) => label) };
}

export const solidOf = ({
  points,
  seed,
}: {
  readonly points: number;
  readonly seed: number;
}): { readonly train: Points; readonly dev: Points } => ({
  train: solid(points, random(2 * seed)),
  dev: solid(devPoints, random(2 * seed + 1)),
});
