/** A saved optimizer does not know whether kernels made its updates: it goes on with them, without them, and the other way round. */
import { openRun, optimizerState, restoreOptimizer } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { install, uninstall } from '../src/wasm.ts';

beforeEach(async () => {
  await tf.setBackend('wasm');
});
afterEach(() => uninstall());

/** Updates in each half. */
const HALF = 3;

/** Half of the updates, saved and restored into a net built anew where `resume`, then the other half. */
async function train(make: () => tf.Optimizer, resume: boolean, kernels: readonly [boolean, boolean]) {
  const open = () => {
    const model = tf.sequential({
      layers: [7, 2].map((units, i) =>
        tf.layers.dense({
          units,
          ...(i === 0 && { inputShape: [3] }),
          activation: 'tanh',
          kernelInitializer: tf.initializers.glorotNormal({ seed: 3 + i }),
        }),
      ),
    });
    const optimizer = make();
    return { model, optimizer, run: openRun(model, [], { host: 'fit', optimizer, seed: 1, epoch: () => 0 }) };
  };
  let net = open();
  for (let step = 0; step < 2 * HALF; step++) {
    if (step === HALF && resume) {
      const next = open();
      const state = optimizerState(net.optimizer, net.run.weights);
      restoreOptimizer(next.optimizer, state, next.run.weights);
      tf.dispose(Object.values(state.tensors));
      next.run.weights.forEach(({ variable }, i) => {
        variable.assign(net.run.weights[i]!.variable as tf.Tensor);
      });
      net = next;
    }
    if (kernels[step < HALF ? 0 : 1]) expect((await install()).installed).toBe(true);
    else uninstall();
    const { model, run } = net;
    const at = run.moment('train', { step });
    tf.tidy(() => {
      const x = tf.randomNormal([6, 3], 0, 1, 'float32', 100 + step);
      const J = (): tf.Tensor => tf.mean(tf.square(tf.sub(model.apply(x) as tf.Tensor, 0.5)));
      run.update(
        run.gradients(
          J,
          run.weights.map(w => w.variable),
          at,
        ),
        at,
      );
    });
  }
  return net.run.weights.flatMap(w => [...w.variable.dataSync()]);
}

test.each<[string, () => tf.Optimizer]>([
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['nesterov', () => tf.train.momentum(0.05, 0.9, true)],
  ['adam', () => tf.train.adam(0.01)],
  ['rmsprop', () => tf.train.rmsprop(0.01)],
])('%s: 3 + 3 updates are 6, bit for bit', async (_, make) => {
  for (const kernels of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    expect(await train(make, true, kernels)).toEqual(await train(make, false, kernels));
  }
});
