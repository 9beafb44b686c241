/** A law for stock `model.fit`: each fit is a separate run. */
import { definePlugin, type Plugins, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs-core';
import type { Trained } from '../bare.ts';
import { distance, ensure, need, same } from '../expect.ts';
import { BATCH, data, optimizerFor, weightsOfNet } from '../net.ts';
import type { Law, Subject } from '../subject.ts';
import { making } from './run.ts';
import { stockCannot } from './training.ts';

/** A fit of the net from its initial weights: the targets are multiplied by `scale`, those of the validation data by `validation`. */
interface Fit {
  readonly epochs: number;
  readonly scale: number;
  readonly validation: number;
}

/** The fit to check, and one before it that is longer, with losses of another size and a growing validation loss. */
const SECOND: Fit = { epochs: 2, scale: 1, validation: 1 };
const FIRST: Fit = { epochs: 3, scale: 2, validation: -2 };

/** A plugin that records the seed of each run. */
const seedProbe = (seeds: number[]): TrainingPlugin =>
  definePlugin({
    name: 'seedProbe',
    options: {},
    setup: () => ({
      beforeUpdate(_, at) {
        if (at.step === 0) seeds.push(at.key().seed);
      },
    }),
  })();

/** Runs several fits with one attachment. @returns the weights after the last one, and the seed of its run */
async function fits(
  { model, plugins }: Trained,
  all: readonly Fit[],
  seed: number,
): Promise<{ weights: number[]; seed: number }> {
  const seeds: number[] = [];
  const optimizer = optimizerFor(model);
  const start = model.getWeights().map(w => tf.clone(w));
  const reg = attach(model, { optimizer, seed }, ...plugins, seedProbe(seeds));
  const { x, y } = data(model);
  try {
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    for (const { epochs, scale, validation } of all) {
      model.setWeights(start);
      const [target, other] = [tf.mul(y, scale), tf.mul(y, validation)];
      await model.fit(x, target, {
        epochs,
        batchSize: BATCH,
        shuffle: false,
        verbose: 0,
        yieldEvery: 'never',
        validationData: [x, other],
        callbacks: reg.callback,
      });
      tf.dispose([target, other]);
    }
    return { weights: weightsOfNet(model), seed: need(seeds.at(-1), 'update') };
  } finally {
    reg.dispose();
    optimizer.dispose();
    tf.dispose([x, y, ...start]);
  }
}

const cannotFit = (plugin: Plugins): boolean =>
  typeof plugin === 'object' && plugin !== null && 'setup' in plugin && stockCannot(plugin);

const forgets: Law<Subject> = {
  name: 'a second stock fit ends with the same weights as without the first',
  async check(subject) {
    const make = making(subject);
    if (!make || make().plugins.some(cannotFit)) return;
    const second = await fits(make(), [FIRST, SECOND], 5);
    const alone = await fits(make(), [SECOND], second.seed);
    ensure(
      same(second.weights, alone.weights),
      `the weights differ by ${distance(second.weights, alone.weights)}: something outlives the first fit, in its module, its closure or the optimizer`,
    );
  },
};

export const stockLaws: readonly Law<Subject>[] = [forgets];
