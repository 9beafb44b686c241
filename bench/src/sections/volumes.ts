/** Convolution and pooling over volumes, with their gradients, against both of TF.js' own backends; stock wasm is wrong in some of them. */
import * as tf from '@tensorflow/tfjs';
import { type Arm, compareWithin, type Ratio } from '../measure.ts';
import { arm, enter, type Place } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';
import { effort } from '../throughput.ts';

type Five = [number, number, number, number, number];
interface Case {
  /** [batch, depth, height, width, channels] */
  readonly x: Five;
  readonly out: number;
  readonly stride: number;
}
const cases: readonly Case[] = [
  { x: [4, 16, 16, 16, 8], out: 16, stride: 1 },
  { x: [4, 16, 16, 16, 8], out: 16, stride: 2 },
  { x: [2, 8, 16, 16, 32], out: 32, stride: 1 },
];
const tiny: readonly Case[] = [{ x: [1, 4, 4, 4, 2], out: 3, stride: 1 }];

type Operation = Arm & { readonly dispose: () => void };
type Runs = (name: string, inputs: tf.NamedTensorMap, attrs: object) => () => void;

const runs: Runs = (name, inputs, attrs) => () => tf.dispose(tf.engine().runKernel(name, inputs, { ...attrs }));

/** The passes of one case on tensors of this place. */
async function operations(place: Place, { x: inputShape, out, stride }: Case): Promise<Record<string, Operation>> {
  await enter(place);
  const filterShape: Five = [3, 3, 3, inputShape[4], out];
  const x = tf.randomUniform<tf.Rank.R5>(inputShape);
  const filter = tf.randomUniform<tf.Rank.R5>(filterShape);
  const dy = tf.conv3d(x, filter, stride, 'same');
  const pooled = tf.maxPool3d(x, 2, 2, 'same');
  const conv = { strides: stride, pad: 'same', dataFormat: 'NDHWC', dilations: 1, inputShape, filterShape };
  const pool = { filterSize: 2, strides: 2, pad: 'same', dataFormat: 'NDHWC' };
  const works = {
    forward: runs(tf.Conv3D, { x, filter }, conv),
    'input gradient': runs(tf.Conv3DBackpropInputV2, { dy, filter }, conv),
    'filter gradient': runs(tf.Conv3DBackpropFilterV2, { x, dy }, conv),
    ...(stride === 1 && {
      'max pooling, 2³': runs(tf.MaxPool3D, { x }, pool),
      'its gradient': runs(tf.MaxPool3DGrad, { input: x, dy: pooled, output: pooled }, pool),
    }),
  };
  const dispose = (): void => tf.dispose([x, filter, dy, pooled]);
  return Object.fromEntries(Object.entries(works).map(([name, work]) => [name, { ...arm(place, work), dispose }]));
}

export async function volumes(quick: boolean): Promise<Result> {
  const table = new Table('input', 'filter', 'pass', 'ours ms', 'stock', 'stock ms', 'ours / stock', '95 % interval');
  const rows: { readonly name: string; readonly stock: Place; readonly ratio: Ratio }[] = [];
  for (const c of quick ? tiny : cases) {
    const ours = await operations('kernels', c);
    for (const stock of ['wasm', 'cpu'] as const) {
      const theirs = await operations(stock, c);
      for (const [name, operation] of Object.entries(ours)) {
        const other = theirs[name];
        if (!other) continue;
        const ratio = await compareWithin(effort(quick), operation, other);
        const filter = `3×3×3 → ${c.out}${c.stride > 1 ? `, stride ${c.stride}` : ''}, same`;
        rows.push({ name: `${c.x.join('×')} ${filter}, ${name}`, stock, ratio });
        const times = [milliseconds(ratio.ours), stock, milliseconds(ratio.other)];
        table.add(c.x.join('×'), filter, name, ...times, ...ratioCells(ratio));
      }
      Object.values(theirs)[0]?.dispose();
    }
    Object.values(ours)[0]?.dispose();
  }
  return {
    data: { rows },
    markdown: `${table}\n\nStock wasm gives wrong input gradients, and 0 as the maximum of numbers below 0.`,
  };
}
