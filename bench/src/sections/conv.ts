/** Convolutions and their two gradients. Stock wasm has no gradient of the filter: there the cpu backend stands in. */
import * as tf from '@tensorflow/tfjs';
import type { Arm, Work } from '../measure.ts';
import { arm, enter, type Place } from '../places.ts';
import { type Result, Table } from '../section.ts';
import { cells, header, meter, verdict } from '../throughput.ts';

interface Case {
  /** [batch, height, width, channels] */
  readonly x: [number, number, number, number];
  readonly out: number;
  readonly size: number;
  readonly stride: number;
  readonly pad: 'same' | 'valid';
}
const cases: readonly Case[] = [
  { x: [64, 28, 28, 1], out: 16, size: 3, stride: 1, pad: 'valid' },
  { x: [64, 13, 13, 16], out: 32, size: 3, stride: 1, pad: 'valid' },
  { x: [16, 32, 32, 32], out: 64, size: 3, stride: 1, pad: 'same' },
  { x: [16, 32, 32, 32], out: 64, size: 3, stride: 2, pad: 'same' },
  { x: [1, 224, 224, 3], out: 32, size: 3, stride: 2, pad: 'same' },
  { x: [16, 56, 56, 64], out: 64, size: 1, stride: 1, pad: 'valid' },
  { x: [8, 14, 14, 256], out: 256, size: 3, stride: 1, pad: 'same' },
  { x: [1, 56, 56, 64], out: 64, size: 3, stride: 1, pad: 'same' },
  { x: [8, 28, 28, 32], out: 64, size: 5, stride: 1, pad: 'same' },
  { x: [4, 112, 112, 3], out: 64, size: 7, stride: 2, pad: 'same' },
];
const tiny: readonly Case[] = [
  { x: [2, 9, 9, 2], out: 4, size: 3, stride: 1, pad: 'same' },
  { x: [2, 9, 9, 2], out: 4, size: 3, stride: 2, pad: 'valid' },
];

type Pass = 'forward' | 'input gradient' | 'filter gradient';
const stockPlaces: Readonly<Record<Pass, Place>> = {
  forward: 'wasm',
  'input gradient': 'wasm',
  'filter gradient': 'cpu',
};

/** The call of one pass on tensors of this place. */
async function operation(place: Place, pass: Pass, c: Case): Promise<Arm & { dispose: () => void }> {
  await enter(place);
  const [inputShape, filterShape] = [c.x, [c.size, c.size, c.x[3], c.out] as Case['x']];
  const [x, filter] = [tf.randomUniform<tf.Rank.R4>(inputShape), tf.randomUniform<tf.Rank.R4>(filterShape)];
  const forward = (): tf.Tensor4D => tf.conv2d(x, filter, c.stride, c.pad);
  const dy = forward();
  const attrs = { strides: [c.stride, c.stride], pad: c.pad, dataFormat: 'NHWC', inputShape, filterShape };
  const run = (name: string, inputs: tf.NamedTensorMap): Work => {
    return () => (tf.engine().runKernel(name, inputs, attrs) as tf.Tensor).dispose();
  };
  const passes: Record<Pass, Work> = {
    forward: () => forward().dispose(),
    'input gradient': run(tf.Conv2DBackpropInput, { dy, filter }),
    'filter gradient': run(tf.Conv2DBackpropFilter, { x, dy }),
  };
  return { ...arm(place, passes[pass]), dispose: () => tf.dispose([x, filter, dy]) };
}

export async function conv(quick: boolean): Promise<Result> {
  const table = new Table('input', 'filter', 'pass', ...header);
  const { rows, measure } = meter(quick);
  for (const c of quick ? tiny : cases) {
    const [batch, height, width, channels] = c.x;
    const out = (size: number): number => Math.ceil((c.pad === 'same' ? size : size - c.size + 1) / c.stride);
    const flops = 2 * batch * out(height) * out(width) * c.out * c.size ** 2 * channels;
    const input = c.x.join('×');
    const filter = `${c.size}×${c.size} → ${c.out}${c.stride > 1 ? `, stride ${c.stride}` : ''}, ${c.pad}`;
    for (const [pass, place] of Object.entries(stockPlaces) as [Pass, Place][]) {
      const [ours, stock] = [await operation('kernels', pass, c), await operation(place, pass, c)];
      const row = await measure(`${input} ${filter}, ${pass}`, pass, flops, ours, stock);
      table.add(input, filter, `${pass}${place === 'cpu' ? ' (stock: cpu)' : ''}`, ...cells(row));
      ours.dispose();
      stock.dispose();
    }
  }
  return { data: { rows }, markdown: [table, '', verdict(rows)].join('\n') };
}
