/** Which inputs a plugin acts on, and the random numbers of their rows. */
import { type Batch, DataError, type Moment, type OptionSpecs, option, type Tensors } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';

/** Options of every plugin that acts on images. */
export interface ImageOptions {
  /** Name of the input to act on; every input of rank 4 by default. */
  readonly input?: string | null;
}

export const imageOptions: OptionSpecs<ImageOptions> = {
  input: option.orNull({ ...option.string(), expected: 'the name of an input' }),
};

/** A tuple of N numbers. */
export type Numbers<N extends number, All extends readonly number[] = readonly []> = number extends N
  ? readonly number[]
  : All['length'] extends N
    ? All
    : Numbers<N, readonly [...All, number]>;

const areNumbers = <N extends number>(row: unknown, n: N): row is Numbers<N> => Array.isArray(row) && row.length === n;

/** N uniforms in [0, 1) for each row, by the row's index in the global batch. */
export type Draws<N extends number> = readonly Numbers<N>[];

export function rowDraws<N extends number>(at: Moment, rows: number, numbers: N): Draws<N> {
  const all = uniforms(at.key(), rows * numbers, at.rows[0] * numbers);
  return Array.from({ length: rows }, (_, i) => [...all.subarray(i * numbers, (i + 1) * numbers)]).filter(row =>
    areNumbers(row, numbers),
  );
}

const written = (t: tf.Tensor): string => `${t.dtype} of shape [${t.shape}]`;

/** Rows of a batch, by its first input. */
export const rowsOf = ({ x }: Batch): number => Object.values(x)[0]?.shape[0] ?? 0;

/** Images are float32 of shape [batch, height, width, channels]. Gives those that `input` names, or all. */
export function imagesOf(
  owner: string,
  x: Tensors,
  input: string | null,
  channels?: readonly number[],
): [name: string, images: tf.Tensor4D][] {
  const all = Object.entries(x);
  const picked = all.filter(([name, t]) => (input === null ? t.rank === 4 : name === input));
  if (!picked.length) {
    const inputs = all.map(([name, t]) => `"${name}" (${written(t)})`).join(', ');
    const expected = input === null ? 'an input of images [batch, height, width, channels]' : `an input "${input}"`;
    throw DataError.of(`${owner}, inputs`, expected, inputs);
  }
  return picked.map(([name, t]) => {
    const refused = (expected: string): DataError => DataError.of(`${owner}, input "${name}"`, expected, written(t));
    if (!areImages(t)) throw refused('images of shape [batch, height, width, channels]');
    if (t.dtype !== 'float32') throw refused('float32 images (tf.cast them, and scale them as the model expects)');
    if (channels && !channels.includes(t.shape[3])) throw refused(`images of ${channels.join(' or ')} channels`);
    return [name, t];
  });
}

/** Sides of an image in pixels. */
export type Size = readonly [height: number, width: number];

export const sizeOf = ({ shape: [, height, width] }: tf.Tensor4D): Size => [height, width];

/** [batch, height, width, channels]. */
export const areImages = (t: tf.Tensor): t is tf.Tensor4D => t.rank === 4;

export interface ImageChange<N extends number> {
  readonly owner: string;
  readonly input: string | null;
  /** Random numbers for each row. All images of a row share them: two views of one thing change alike. */
  readonly numbers: N;
  /** Numbers of channels that it can work on; any by default. */
  readonly channels?: readonly number[];
  image(images: tf.Tensor4D, draws: Draws<N>, name: string): tf.Tensor;
  /** For what moves pixels: labels that are images (rank 4) move with those of their size `of`, or with the first ones, however large they are. */
  label?(labels: tf.Tensor4D, draws: Draws<N>, name: string, of: Size): tf.Tensor;
}

/** A `batch` hook that changes images. */
export function changeImages<N extends number>(batch: Batch, at: Moment, change: ImageChange<N>): Batch {
  const { owner, input, numbers, channels, image, label } = change;
  const images = imagesOf(owner, batch.x, input, channels);
  const draws = rowDraws(at, rowsOf(batch), numbers);
  const x = { ...batch.x, ...Object.fromEntries(images.map(([name, t]) => [name, image(t, draws, name)])) };
  if (!label) return { ...batch, x };
  const sizes = images.map(([, t]) => sizeOf(t));
  const move = (name: string, t: tf.Tensor): tf.Tensor => {
    if (!areImages(t)) return t;
    const own = sizeOf(t);
    return label(t, draws, name, sizes.find(([h, w]) => h === own[0] && w === own[1]) ?? sizes[0] ?? own);
  };
  const moved = (labels: Tensors): Tensors =>
    Object.fromEntries(Object.entries(labels).map(([name, t]) => [name, move(name, t)]));
  return { ...batch, x, y: moved(batch.y), ...(batch.metricY && { metricY: moved(batch.metricY) }) };
}
