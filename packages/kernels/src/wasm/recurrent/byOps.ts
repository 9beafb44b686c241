/** Recurrent layers as operations of TF.js, step by step: used if one of our gradients is differentiated again. */
import * as tf from '@tensorflow/tfjs-core';
import { closed, hardSigmoid } from '../../gradients/activations.ts';
import type { CellName, Inputs, Masks, Options } from './names.ts';

type Gate = (z: tf.Tensor) => tf.Tensor;
/** The inputs of one step: x W + b, h as read by the recurrent kernel, the h and c that are carried over, U and b′. */
interface Given {
  readonly z: tf.Tensor;
  readonly seen: tf.Tensor;
  readonly carried: readonly tf.Tensor[];
  readonly u: tf.Tensor;
  readonly ownBias?: tf.Tensor;
}
/** One step; returns the states. */
type Step = (given: Given, gate: Gate) => tf.Tensor[];

// those of TF.js keep their result before it is on the tape, so their slopes are constants for a second derivative
const value = (_: tf.Tensor, y: tf.Tensor): tf.Tensor => y;
const tanh = closed({ inner: tf.tanh, value, slope: (_, y) => tf.sub(1, tf.square(y)) });
const sigmoid = closed({ inner: tf.sigmoid, value, slope: (_, y) => tf.mul(y, tf.sub(1, y)) });

const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
const tooFew = (): never => {
  throw new TypeError('A recurrent step has too few states or gates.');
};

const lstm: Step = ({ z, seen, carried: [, c], u }, gate) => {
  if (!c) return tooFew();
  const [i, f, g, o] = tf.split(tf.add(z, product(seen, u)), 4, 1);
  if (!i || !f || !g || !o) return tooFew();
  const next = tf.add(tf.mul(gate(f), c), tf.mul(gate(i), tanh(g)));
  return [tf.mul(gate(o), tanh(next)), next];
};

const nextOf = (keep: tf.Tensor, h: tf.Tensor, candidate: tf.Tensor): tf.Tensor[] => [
  tf.add(tf.mul(keep, h), tf.mul(tf.sub(1, keep), candidate)),
];

const gru: Step = ({ z, seen, carried: [h], u }, gate) => {
  const units = u.shape[0] ?? 0;
  const [ofGates, ofCandidate] = tf.split(u, [2 * units, units], 1);
  const [xz, xr, xc] = tf.split(z, 3, 1);
  if (!h || !ofGates || !ofCandidate || !xz || !xr || !xc) return tooFew();
  const [hz, hr] = tf.split(product(seen, ofGates), 2, 1);
  if (!hz || !hr) return tooFew();
  const reset = tf.mul(gate(tf.add(xr, hr)), seen);
  return nextOf(gate(tf.add(xz, hz)), h, tanh(tf.add(xc, product(reset, ofCandidate))));
};

const resetAfterGRU: Step = ({ z, seen, carried: [h], u, ownBias }, gate) => {
  const sums = product(seen, u);
  const [xz, xr, xc] = tf.split(z, 3, 1);
  const [hz, hr, hc] = tf.split(ownBias ? tf.add(sums, ownBias) : sums, 3, 1);
  if (!h || !xz || !xr || !xc || !hz || !hr || !hc) return tooFew();
  return nextOf(gate(tf.add(xz, hz)), h, tanh(tf.add(xc, tf.mul(gate(tf.add(xr, hr)), hc))));
};

const simpleRNN: Step = ({ z, seen, u }) => [tanh(tf.add(z, product(seen, u)))];

const steps: Readonly<Record<CellName, Step>> = {
  LSTM: lstm,
  GRU: gru,
  ResetAfterGRU: resetAfterGRU,
  SimpleRNN: simpleRNN,
};

/** The new state if the step counts, m = 1; otherwise the previous one. */
const held = (fresh: tf.Tensor, before: tf.Tensor | undefined, m: tf.Tensor): tf.Tensor =>
  before ? tf.add(tf.mul(fresh, m), tf.mul(before, tf.sub(1, m))) : tooFew();

/** The same result as `sequence`: y, followed by the last states if they are requested. */
export function byOps(
  cell: CellName,
  { x, w, u, bias, ownBias, h, c }: Inputs,
  options: Options,
  { mask, drop }: Masks,
): tf.Tensor[] {
  const [batch = 0, time = 0, features = 0] = x.shape;
  const sums = product(tf.reshape(x, [batch * time, features]), w);
  const n = w.shape[1] ?? 0;
  const z = tf.reshape(bias ? tf.add(sums, bias) : sums, [batch, time * n]);
  const gate = options.hard ? hardSigmoid : sigmoid;
  let states = c ? [h, c] : [h];
  const outputs: tf.Tensor[] = [];
  for (let s = 0; s < time; s++) {
    const t = options.backwards ? time - 1 - s : s;
    const before = states;
    const [last = h, ...others] = before;
    const seen = drop ? tf.mul(last, drop) : last;
    const carried = [options.dropsCarry ? seen : last, ...others];
    // the gradient of `unstack` does not work for a single step
    const ofStep = tf.slice(z, [0, t * n], [batch, n]);
    const fresh = steps[cell]({ z: ofStep, seen, carried, u, ...(ownBias ? { ownBias } : {}) }, gate);
    const m = mask ? tf.slice(mask, [0, t], [batch, 1]) : undefined;
    states = m ? fresh.map((state, i) => held(state, before[i], m)) : fresh;
    outputs.push(...states.slice(0, 1));
  }
  const y = options.all ? [tf.stack(outputs, 1)] : outputs.slice(-1);
  return options.states ? [...y, ...states] : y;
}
