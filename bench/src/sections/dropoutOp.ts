/** The dropout op alone: a forward pass and a forward with a backward pass, against stock and against one product; what it keeps on the tape. */
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { compareWithin, type Effort, type Ratio, type Work } from '../measure.ts';
import { arm, enter, type Place } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

type Op = (x: tf.Tensor) => tf.Tensor;

let step = 0;
const ours: Op = x =>
  counterDropout(x, {
    keepProb: 0.5,
    noiseShape: x.shape,
    key: { seed: 1, step: step++, site: 0, draw: 0 },
    rows: [0, x.shape[0] ?? 1],
  });
/** What `tf.layers.dropout` calls. */
const stock: Op = x => tf.dropout(x, 0.5);
const product: Op = x => tf.mul(x, 2);

const passes: Readonly<Record<string, (op: Op, x: tf.Tensor) => Work>> = {
  forward: (op, x) => () => op(x).dispose(),
  'forward + backward': (op, x) => {
    const gradient = tf.grad(op);
    return () => gradient(x, x).dispose();
  },
};

export async function dropout(quick: boolean): Promise<Result> {
  const elements = quick ? 10_000 : 1_000_000;
  const effort: Effort = quick
    ? { sample: 0.2, budget: 5, rounds: [3, 3] }
    : { sample: 4, budget: 1500, rounds: [9, 101] };
  const table = new Table('ours on', 'pass', 'ours ms', 'against', 'ms', 'ours / other', '95 % interval');
  const rows: (Ratio & { place: Place; pass: string; against: string })[] = [];
  const bytes: { place: Place; ours: number; stock: number }[] = [];
  for (const place of ['kernels', 'wasm', 'cpu'] as const) {
    const backend: Place = place === 'cpu' ? 'cpu' : 'wasm';
    await enter(place);
    const x = tf.randomUniform([elements / 100, 100]);
    for (const [pass, make] of Object.entries(passes)) {
      for (const [against, other, where] of [
        ['tf.dropout', stock, backend],
        ['tf.mul(x, 2)', product, place],
      ] as const) {
        const ratio = await compareWithin(effort, arm(place, make(ours, x)), arm(where, make(other, x)));
        rows.push({ place, pass, against, ...ratio });
        const name = place === 'kernels' ? 'wasm with kernels' : place;
        table.add(name, pass, milliseconds(ratio.ours), against, milliseconds(ratio.other), ...ratioCells(ratio));
      }
    }
    x.dispose();
    await enter(place);
    const kept = tapeBytes(ours);
    await enter(backend);
    bytes.push({ place, ours: kept, stock: tapeBytes(stock) });
  }
  const sentences = bytes.map(
    b => `Bytes per activation between forward and backward, ${b.place}: ours ${b.ours}, stock ${b.stock.toFixed(1)}.`,
  );
  const title = `${elements.toLocaleString('en')} elements, keepProb .5.`;
  return { data: { elements, rows, bytes }, markdown: [title, '', table, '', ...sentences].join('\n') };
}

/** Bytes per element that are alive between forward and backward because of this op, its output included. */
function tapeBytes(op: Op, size = 100_000): number {
  const x = tf.variable(tf.ones([size]));
  let bytes = 0;
  const { value, grads } = tf.variableGrads(() => {
    const before = tf.memory().numBytes;
    const y = tf.tidy(() => op(x));
    bytes = (tf.memory().numBytes - before) / size;
    return tf.sum(y) as tf.Scalar;
  }, [x]);
  tf.dispose([x, value, ...Object.values(grads)]);
  return bytes;
}
