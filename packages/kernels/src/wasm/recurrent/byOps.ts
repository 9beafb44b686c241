/** Recurrent layers by operations of TF.js, step by step: what is differentiated where a gradient of ours is differentiated again. */
import * as tf from '@tensorflow/tfjs-core';
import { closed, hardSigmoid } from '../../gradients/activations.ts';
import type { CellName, Inputs, Options } from './names.ts';

type Gate = (z: tf.Tensor) => tf.Tensor;
/** One step: x W + b, the states and U → the states. */
type Step = (z: tf.Tensor, states: readonly tf.Tensor[], u: tf.Tensor, gate: Gate) => tf.Tensor[];

// TF.js' own keep their result, which is not on the tape yet when it is kept: their slopes are constants to a second derivative
const value = (_: tf.Tensor, y: tf.Tensor): tf.Tensor => y;
const tanh = closed({ inner: tf.tanh, value, slope: (_, y) => tf.sub(1, tf.square(y)) });
const sigmoid = closed({ inner: tf.sigmoid, value, slope: (_, y) => tf.mul(y, tf.sub(1, y)) });

const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
const tooFew = (): never => {
  throw new TypeError('A recurrent step has too few states or gates.');
};

const lstm: Step = (z, [h, c], u, gate) => {
  if (!h || !c) return tooFew();
  const [i, f, g, o] = tf.split(tf.add(z, product(h, u)), 4, 1);
  if (!i || !f || !g || !o) return tooFew();
  const carried = tf.add(tf.mul(gate(f), c), tf.mul(gate(i), tanh(g)));
  return [tf.mul(gate(o), tanh(carried)), carried];
};

const gru: Step = (z, [h], u, gate) => {
  const units = u.shape[0] ?? 0;
  const [ofGates, ofCandidate] = tf.split(u, [2 * units, units], 1);
  const [xz, xr, xc] = tf.split(z, 3, 1);
  if (!h || !ofGates || !ofCandidate || !xz || !xr || !xc) return tooFew();
  const [hz, hr] = tf.split(product(h, ofGates), 2, 1);
  if (!hz || !hr) return tooFew();
  const keep = gate(tf.add(xz, hz));
  const candidate = tanh(tf.add(xc, product(tf.mul(gate(tf.add(xr, hr)), h), ofCandidate)));
  return [tf.add(tf.mul(keep, h), tf.mul(tf.sub(1, keep), candidate))];
};

const simpleRNN: Step = (z, [h], u) => [tanh(tf.add(z, h ? product(h, u) : tooFew()))];

const steps: Readonly<Record<CellName, Step>> = { LSTM: lstm, GRU: gru, SimpleRNN: simpleRNN };

/** What `sequence` gives: y, and behind it the last states where they are wanted. */
export function byOps(cell: CellName, { x, w, u, bias, h, c }: Inputs, options: Options): tf.Tensor[] {
  const [batch = 0, time = 0, features = 0] = x.shape;
  const sums = product(tf.reshape(x, [batch * time, features]), w);
  const n = w.shape[1] ?? 0;
  const z = tf.reshape(bias ? tf.add(sums, bias) : sums, [batch, time * n]);
  let states = c ? [h, c] : [h];
  const outputs: tf.Tensor[] = [];
  for (let s = 0; s < time; s++) {
    // the gradient of `unstack` does not work where there is one step
    const ofStep = tf.slice(z, [0, (options.backwards ? time - 1 - s : s) * n], [batch, n]);
    states = steps[cell](ofStep, states, u, options.hard ? hardSigmoid : sigmoid);
    outputs.push(...states.slice(0, 1));
  }
  const y = options.all ? [tf.stack(outputs, 1)] : outputs.slice(-1);
  return options.states ? [...y, ...states] : y;
}
