/** What the worker lets the page look at now and then: the weights, and dev digits that are read wrongly. */
import type { RawDigits } from './file.ts';
import { type Example, type Misread, sizes } from './reports.ts';

/** Misread digits that are told of each network. */
const shownMisreads = 12;

const pixelsOf = ({ pixels }: RawDigits, i: number): Uint8Array => pixels.slice(i * sizes.input, (i + 1) * sizes.input);

function bestOf(answers: Float32Array, i: number): readonly [digit: number, probability: number] {
  const own = answers.subarray(i * sizes.output, (i + 1) * sizes.output);
  return own.reduce<readonly [number, number]>(
    (best, value, digit) => (value > best[1] ? [digit, value] : best),
    [0, 0],
  );
}

/** By digit: 1 where it is read wrongly. */
export const wrongIn = (answers: Float32Array, { labels }: RawDigits): Uint8Array =>
  labels.map((label, i) => Number(bestOf(answers, i)[0] !== label));

/** Those that the network is surest of first. */
export function misreadIn(answers: Float32Array, digits: RawDigits): Misread[] {
  const all = Array.from(digits.labels, (truth, i) => {
    const [answered, probability] = bestOf(answers, i);
    return { i, truth, answered, probability };
  });
  return all
    .filter(({ truth, answered }) => truth !== answered)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, shownMisreads)
    .map(({ i, ...told }) => ({ ...told, pixels: pixelsOf(digits, i) }));
}

/** The first of each kind. */
export const examplesOf = (digits: RawDigits): Example[] =>
  Array.from({ length: sizes.output }, (_, truth) => {
    const i = digits.labels.indexOf(truth);
    return i < 0 ? [] : [{ truth, pixels: pixelsOf(digits, i) }];
  }).flat();
