/** Which inputs a plugin acts on, and the random numbers of their rows. */
import { type Batch, DataError, type Moment, type OptionSpecs, option, type Tensors } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';

export interface ImageOptions {
  /** Name of the input to act on; every input of rank 4 by default. */
  readonly input?: string | null;
}

export const imageOptions: OptionSpecs<ImageOptions> = {
  input: option.orNull({ ...option.string(), expected: 'the name of an input' }),
};

/** `numbers` uniforms in [0, 1) for each row, by the row's index in the global batch. */
export type Draws = readonly Float64Array[];

export function rowDraws(at: Moment, rows: number, numbers: number): Draws {
  const all = uniforms(at.key(), rows * numbers, at.rows[0] * numbers);
  return Array.from({ length: rows }, (_, i) => all.subarray(i * numbers, (i + 1) * numbers));
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
  for (const [name, t] of picked) {
    const refuse = (expected: string): never => {
      throw DataError.of(`${owner}, input "${name}"`, expected, written(t));
    };
    if (t.rank !== 4) refuse('images of shape [batch, height, width, channels]');
    if (t.dtype !== 'float32') refuse('float32 images (tf.cast them, and scale them as the model expects)');
    if (channels && !channels.includes(t.shape[3] as number)) refuse(`images of ${channels.join(' or ')} channels`);
  }
  return picked as [string, tf.Tensor4D][];
}

export interface ImageChange {
  readonly owner: string;
  readonly input: string | null;
  /** Random numbers for each row. All images of a row share them: two views of one thing change alike. */
  readonly numbers: number;
  /** Numbers of channels that it can work on; any by default. */
  readonly channels?: readonly number[];
  image(images: tf.Tensor4D, draws: Draws, name: string): tf.Tensor;
  /** For what moves pixels: labels that are images (rank 4) move with them. */
  label?(labels: tf.Tensor4D, draws: Draws, name: string): tf.Tensor;
}

/** A `batch` hook that changes images. */
export function changeImages(batch: Batch, at: Moment, change: ImageChange): Batch {
  const { owner, input, numbers, channels, image, label } = change;
  const images = imagesOf(owner, batch.x, input, channels);
  const draws = rowDraws(at, rowsOf(batch), numbers);
  const x = { ...batch.x, ...Object.fromEntries(images.map(([name, t]) => [name, image(t, draws, name)])) };
  if (!label) return { ...batch, x };
  const moved = (labels: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(labels).map(([name, t]) => [name, t.rank === 4 ? label(t as tf.Tensor4D, draws, name) : t]),
    );
  return { ...batch, x, y: moved(batch.y), ...(batch.metricY && { metricY: moved(batch.metricY) }) };
}
