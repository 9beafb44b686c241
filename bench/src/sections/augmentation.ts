/** Images per second through each plugin that changes batches, and through calls of `tf.image` that do the like. */
import { catalogue } from '@keepprob/augment/catalogue';
import type { TrainingPlugin } from '@keepprob/core';
import type { Entry, PluginEntry } from '@keepprob/core/catalogue';
import { openRun } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import { compareWithin, type Effort, type Ratio, spreadWithin, type Work } from '../measure.ts';
import { arm, enter } from '../places.ts';
import { type Result, ratioCells, Table } from '../section.ts';

const PADDING = 4;
const between = (low: number, high: number): number => low + (high - low) * Math.random();

/** Boxes [y1, x1, y2, x2] in shares of the image, one for each of `rows` images. */
const boxes = (rows: number, box: () => number[]): [tf.Tensor2D, tf.Tensor1D] => [
  tf.tensor2d(Array.from({ length: rows }, box)),
  tf.range(0, rows, 1, 'int32'),
];

function zoomed(x: tf.Tensor4D): tf.Tensor {
  const [rows, height, width] = x.shape;
  const box = (): number[] => {
    const margin = between(-0.05, 0.05);
    return [margin, margin, 1 - margin, 1 - margin];
  };
  return tf.image.cropAndResize(x, ...boxes(rows, box), [height, width]);
}

/** Pixels of the padded image, the last one at 1. */
function cropped(x: tf.Tensor4D): tf.Tensor {
  const [rows, height, width] = x.shape;
  const sides: [number, number] = [PADDING, PADDING];
  const padded = tf.pad(x, [[0, 0], sides, sides, [0, 0]]);
  const offset = (): number => Math.floor(between(0, 2 * PADDING + 1));
  const box = (): number[] => {
    const [down, right, last] = [offset(), offset(), 2 * PADDING - 1];
    return [
      ...[down / (height + last), right / (width + last)],
      ...[(down + height - 1) / (height + last), (right + width - 1) / (width + last)],
    ];
  };
  return tf.image.cropAndResize(padded, ...boxes(rows, box), [height, width], 'nearest');
}

/** One row of eight numbers for each image, as `tf.image.transform` takes them. */
const transformed =
  (row: (side: number) => number[]) =>
  (x: tf.Tensor4D): tf.Tensor => {
    const rows = Array.from({ length: x.shape[0] }, () => row(x.shape[1]));
    return tf.image.transform(x, tf.tensor2d(rows), 'bilinear', 'nearest');
  };
const moved = (side: number): number[] => [1, 0, between(-0.1, 0.1) * side, 0, 1, between(-0.1, 0.1) * side, 0, 0];
const sheared = (): number[] => [1, between(-0.1, 0.1), 0, 0, 1, 0, 0, 0];

/** What does the like for a batch, with `tf.image` alone; `options`: what the plugin needs beside its own to do the same. */
interface Stock {
  readonly call: string;
  readonly f: (x: tf.Tensor4D) => tf.Tensor;
  readonly options?: object;
}

const likes: Readonly<Record<string, Stock>> = {
  randomFlip: { call: 'flipLeftRight (all)', f: x => tf.image.flipLeftRight(x) },
  randomCrop: { call: 'pad, cropAndResize', f: cropped, options: { padding: PADDING } },
  randomRotation: {
    call: 'rotateWithOffset (one angle, nearest pixel)',
    f: x => tf.image.rotateWithOffset(x, 2 * Math.PI * between(-0.05, 0.05)),
  },
  randomZoom: { call: 'cropAndResize', f: zoomed },
  randomTranslation: { call: 'transform', f: transformed(moved), options: { fillMode: 'nearest' } },
  randomShear: { call: 'transform', f: transformed(sheared), options: { fillMode: 'nearest' } },
};

const isPlugin = (entry: Entry): entry is PluginEntry => entry.kind === 'plugin' && entry.takes === 'options';
const plugins = catalogue.filter(isPlugin);

type Shape = [rows: number, height: number, width: number, channels: number];

const CLASSES = 10;

/** A batch through a plugin, in a run as `fit` opens it. */
function augmenting(
  made: (model: tf.LayersModel) => TrainingPlugin,
  x: tf.Tensor4D,
): { work: Work; dispose: () => void } {
  const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: x.shape.slice(1) })] });
  const optimizer = tf.train.sgd(0.1);
  const run = openRun(model, [made(model)], { host: 'fit', optimizer, seed: 7, epoch: () => 0 });
  const y = tf.ones([x.shape[0], CLASSES]);
  let step = 0;
  return {
    work: () => {
      tf.tidy(
        () => void run.batch({ x: { x }, y: { y } }, run.moment('train', { step: step++, rows: [0, x.shape[0]] })),
      );
    },
    dispose: () => {
      run.dispose();
      model.dispose();
      optimizer.dispose();
      y.dispose();
    },
  };
}

interface Row {
  readonly plugin: string;
  readonly shape: Shape;
  /** Milliseconds for a batch. */
  readonly ours: number;
  readonly stock?: Ratio;
}

export async function augmentation(quick: boolean): Promise<Result> {
  const shapes: Shape[] = quick
    ? [
        [2, 8, 8, 1],
        [2, 8, 8, 3],
      ]
    : [
        [128, 28, 28, 1],
        [64, 96, 96, 3],
      ];
  const effort: Effort = quick
    ? { sample: 0.1, budget: 3, rounds: [3, 3] }
    : { sample: 5, budget: 1500, rounds: [9, 61] };
  const table = new Table(
    'batch',
    'plugin',
    'images / s',
    'tf.image',
    'images / s',
    'time ours / stock',
    '95 % interval',
  );
  const rows: Row[] = [];
  await enter('kernels');
  for (const shape of shapes) {
    const x = tf.randomUniform<tf.Rank.R4>(shape);
    const rate = (ms: number): string => Number(((1000 * shape[0]) / ms).toPrecision(3)).toLocaleString('en');
    for (const { name, bench, make, options } of plugins) {
      if (bench.net === 'colour' && shape[3] !== 3) continue;
      const stock = likes[name];
      const { work, dispose } = augmenting(model => make({ ...options, ...stock?.options }, { model, of: [] }), x);
      const ours = arm('kernels', work);
      const batch = shape.join('×');
      if (stock) {
        const { call, f } = stock;
        const ratio = await compareWithin(
          effort,
          ours,
          arm('kernels', () => void tf.tidy(() => void f(x))),
        );
        rows.push({ plugin: name, shape, ours: ratio.ours, stock: ratio });
        table.add(batch, name, rate(ratio.ours), call, rate(ratio.other), ...ratioCells(ratio));
      } else {
        const { median } = await spreadWithin(effort, ours);
        rows.push({ plugin: name, shape, ours: median });
        table.add(batch, name, rate(median), '', '', '', '');
      }
      dispose();
    }
    x.dispose();
  }
  return { data: { rows }, markdown: `${table}` };
}
