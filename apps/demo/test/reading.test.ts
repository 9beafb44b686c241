import { beforeAll, expect, test } from 'vitest';
import { readDigits } from '../scripts/digits.ts';
import type { Digits } from '../src/scenes/digits/file.ts';
import { longest, meanNorm, scaleOf } from '../src/scenes/digits/firstLayer.ts';
import { examplesOf, misreadIn, wrongIn } from '../src/scenes/digits/looks.ts';
import { readingOf, thinnings } from '../src/scenes/digits/reading.ts';
import { readingText } from '../src/scenes/digits/story.ts';
import { asMnist, centreOf, digitSide, type Place, rasterized, type Stroke } from '../src/scenes/digits/strokes.ts';

let digits: Digits;
beforeAll(async () => {
  digits = await readDigits();
});

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (u: ArrayLike<number>, v: ArrayLike<number>): number =>
    Array.from(u).reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const circle = (radius: number, [x, y]: Place, stretch = 0.7): Stroke =>
  Array.from({ length: 41 }, (_, i) => [
    x + stretch * radius * Math.cos((Math.PI * i) / 20),
    y + radius * Math.sin((Math.PI * i) / 20),
  ]);
/** Drawn as people do. */
const drawn: readonly (readonly [number, readonly Stroke[]])[] = [
  [0, [circle(0.3, [0.5, 0.5])]],
  [
    1,
    [
      [
        [0.5, 0.15],
        [0.5, 0.85],
      ],
    ],
  ],
  [
    7,
    [
      [
        [0.25, 0.2],
        [0.7, 0.2],
        [0.45, 0.85],
      ],
    ],
  ],
];
const read = (strokes: readonly Stroke[]): Float32Array => asMnist(rasterized(strokes))!;

test('a drawing becomes a picture as MNIST’s: 20 pixels at most, the centre of its ink in the middle, wherever and however large it is', () => {
  const one = read([circle(0.3, [0.5, 0.5])]);
  const columns = Array.from({ length: digitSide }, (_, c) => one.filter((_, i) => i % digitSide === c));
  const rows = Array.from({ length: digitSide }, (_, r) => one.slice(r * digitSide, (r + 1) * digitSide));
  const extent = (lines: readonly Float32Array[]): number => lines.filter(line => Math.max(...line) > 0.1).length;
  expect(Math.max(extent(columns), extent(rows))).toBeGreaterThanOrEqual(19);
  expect(Math.max(extent(columns), extent(rows))).toBeLessThanOrEqual(21);
  for (const at of centreOf(one, digitSide)) expect(Math.floor(at + 0.05)).toBe(14);
  expect(Math.max(...one)).toBeLessThanOrEqual(1 + 1e-6);
  const seven = (x: number, y: number): Float32Array =>
    read([
      [
        [x, y],
        [x + 0.45, y],
        [x + 0.2, y + 0.6],
      ],
    ]);
  const [here, there] = [seven(0.1, 0.1), seven(0.35, 0.25)];
  expect(here.reduce((sum, grey, i) => sum + Math.abs(grey - there[i]!), 0) / 784).toBeLessThan(0.01);
});

test('MNIST’s own digits come out of it as they were', () => {
  const { pixels } = digits.validation;
  for (let digit = 0; digit < 200; digit++) {
    const image = Float32Array.from(pixels.subarray(784 * digit, 784 * (digit + 1)), grey => grey / 255);
    expect(asMnist(image, digitSide)).toEqual(image);
  }
});

test('a drawing of nothing is none', () => {
  expect(asMnist(rasterized([]))).toBeUndefined();
});

test('drawings are nearest to the mean of MNIST’s digits of their kind', () => {
  const { pixels, labels } = digits.train;
  const means = Array.from({ length: 10 }, () => new Float64Array(784));
  labels.forEach((label, i) => {
    for (let p = 0; p < 784; p++) means[label]![p]! += pixels[784 * i + p]! / 255;
  });
  for (const [truth, strokes] of drawn) {
    const likeness = means.map(mean => cosine(read(strokes), mean));
    expect(likeness.indexOf(Math.max(...likeness))).toBe(truth);
  }
});

/** 784-128-64-10 that tells the class of one pixel: pixel i goes straight through to class i. */
const through = () => {
  const layer = (inputs: number, units: number, weight: number) => ({
    kernel: Float32Array.from({ length: inputs * units }, (_, i) =>
      Math.floor(i / units) === i % units && i % units < 10 ? weight : 0,
    ),
    bias: new Float32Array(units),
  });
  return [layer(784, 128, 1), layer(128, 64, 1), layer(64, 10, 3)];
};

test('a reading tells the whole network, thinned ones, and how they vote', () => {
  const digit = new Float32Array(784);
  digit[3] = 1;
  const certain = readingOf(through(), digit, { input: 1, hidden1: 1, hidden2: 1 });
  expect(certain.votes).toEqual([0, 0, 0, thinnings, 0, 0, 0, 0, 0, 0]);
  for (const key of ['mean', 'lower', 'upper'] as const)
    for (const [i, value] of certain.whole.entries()) expect(certain[key][i]).toBeCloseTo(value, 12);
  expect(certain.whole.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  const all = { input: 1, hidden1: 1, hidden2: 1 };
  expect(readingText(certain, certain.whole, all)).toMatch(/reads 3 \(\d.*Every keep\.prob is 1/);

  const keepProbs = { ...all, hidden1: 0.5 };
  const unsure = readingOf(through(), digit, keepProbs);
  // where unit 3 is dropped, all ten answers are a tenth, and the first of them wins
  expect(unsure.votes[0]! + unsure.votes[3]!).toBe(thinnings);
  expect(Math.abs(unsure.votes[3]! / thinnings - 0.5)).toBeLessThan(0.35);
  expect(unsure.lower[3]).toBeCloseTo(0.1, 6);
  expect(unsure.upper[3]).toBeGreaterThan(certain.whole[3]!);
  expect(readingText(unsure, certain.whole, keepProbs)).toMatch(
    /thinned from it at random, \d+ of 30 read \d and \d+ read \d\./,
  );
});

test('misread digits come with what they are, the surest first; examples are one of each kind', () => {
  const few = { pixels: digits.validation.pixels.subarray(0, 3 * 784), labels: Uint8Array.of(4, 5, 6) };
  const answers = new Float32Array(30);
  answers[4] = 1;
  answers[10 + 1] = 0.6;
  answers[20 + 2] = 0.9;
  expect(wrongIn(answers, few)).toEqual(Uint8Array.of(0, 1, 1));
  const misread = misreadIn(answers, few);
  expect(misread.map(({ truth, answered }) => [truth, answered])).toEqual([
    [6, 2],
    [5, 1],
  ]);
  expect(misread[0]!.pixels).toEqual(few.pixels.slice(2 * 784));
  expect(examplesOf(digits.validation).map(({ truth }) => truth)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('units of the first layer are drawn by the length of their weights, on one scale', () => {
  const network = [{ kernel: Float32Array.of(3, 0, 1, 4, 0, -1), bias: new Float32Array(3) }];
  // columns (3, 4), (0, 0), (1, −1)
  expect(longest(network, 2).map(({ unit, norm, positive }) => [unit, norm, positive])).toEqual([
    [0, 5, 1],
    [2, expect.closeTo(Math.SQRT2, 6), 0.5],
  ]);
  expect(meanNorm(network)).toBeCloseTo((5 + Math.SQRT2) / 3, 6);
  expect(scaleOf(longest(network, 3))).toBeGreaterThanOrEqual(3);
});
