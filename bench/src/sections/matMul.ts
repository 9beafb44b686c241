/**
 * Matrix products, c [m, n] = op(a) · op(b). A b that stays as it is, is kept packed by stock (XNNPACK); outside of gradients ours leaves few
 * rows to it. So products are measured twice: calls on the same b, and as in a step of training, with a new b and a gradient being taken.
 */
import * as tf from '@tensorflow/tfjs';
import { compare, type Sample } from '../measure.ts';
import { arm, enter, type Place } from '../places.ts';
import { type Result, Table } from '../section.ts';
import { cells, header, meter, verdict } from '../throughput.ts';

const cubes = [1, 2, 3, 4, 7, 8, 16, 32, 33, 64, 100, 128, 256, 512, 1024, 2048];
type Shape = readonly [m: number, n: number, k: number];
const others: readonly Shape[] = [
  [1, 512, 512],
  [8, 512, 512],
  [128, 10, 512],
  [512, 10, 128],
  [128, 512, 784],
  [784, 512, 128],
  [1, 1000, 2048],
  [2048, 1, 512],
  [3, 5, 7],
  [31, 33, 35],
  [128, 127, 129],
  [1000, 1000, 3],
];
const transposes = { NN: [false, false], NT: [false, true], TN: [true, false] } as const;

/** The product forward in a step of training, alone on the clock. */
const inTraining =
  (place: Place, m: number, n: number, k: number): Sample =>
  async () => {
    await enter(place);
    let ms = 0;
    tf.tidy(() => {
      const [a, b] = [tf.randomUniform([m, k]), tf.randomUniform([k, n])];
      const gradient = tf.grad(x => {
        const start = performance.now();
        const y = tf.matMul(x, b);
        ms = performance.now() - start;
        return y;
      });
      gradient(a);
    });
    return ms;
  };

const note =
  'Stock caches the packed b while b does not change, and outside of gradients ours leaves products of few rows to it (m < 32 and n·k ≥ 8,192; or k ≤ 4 and m·n ≥ 65,536): there the ratio is 1 by construction. “New b” is the forward product in a training step, where the weights have just changed.';

export async function matMul(quick: boolean): Promise<Result> {
  const all = [...cubes.map((s): Shape => [s, s, s]), ...others];
  const shapes = quick ? all.filter(([m, n, k]) => m * n * k < 40_000) : all;
  const table = new Table('m', 'n', 'k', 'op', ...header);
  const { rows, measure } = meter(quick);
  await enter('kernels');
  for (const shape of shapes) {
    const [m, n, k] = shape;
    for (const [op, [transposeA, transposeB]] of Object.entries(transposes)) {
      const a = tf.randomUniform(transposeA ? [k, m] : [m, k]);
      const b = tf.randomUniform(transposeB ? [n, k] : [k, n]);
      const work = (): void => tf.matMul(a, b, transposeA, transposeB).dispose();
      const name = `${m}×${n}×${k} ${op}`;
      const row = await measure(name, op, 2 * m * n * k, arm('kernels', work), arm('wasm', work));
      table.add(`${m}`, `${n}`, `${k}`, op, ...cells(row));
      tf.dispose([a, b]);
    }
    if (!others.includes(shape)) continue;
    const [ours, stock] = [inTraining('kernels', m, n, k), inTraining('wasm', m, n, k)];
    const ratio = await compare(ours, stock, quick ? 3 : 31);
    const row = { name: `${m}×${n}×${k} NN, new b`, flops: 2 * m * n * k, ours: ratio.ours, stock: ratio };
    rows.push(row);
    table.add(`${m}`, `${n}`, `${k}`, 'NN, new b', ...cells(row));
  }
  return { data: { rows }, markdown: [table, '', verdict(rows), note].join('\n') };
}
