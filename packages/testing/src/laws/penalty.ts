/** A layer that adds a penalty in training: only a run collects it, so the layer is judged by J and by the trained weights. */
import { openRun } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { trainBare } from '../bare.ts';
import { distance, ensure, need, numbers, same, scalar } from '../expect.ts';
import { net } from '../net.ts';
import type { Law, LayerSubject } from '../subject.ts';
import { cleanTraining } from './clean.ts';
import { copy, identity, parity } from './layer.ts';

type Subject = LayerSubject<never>;

const fresh = (subject: Subject, options = subject.options): tfl.LayersModel => net(subject.create(options));
const trained = (subject: Subject, options = subject.options): Promise<number[]> =>
  trainBare(fresh(subject, options), []);

const acts: Law<Subject> = {
  name: 'its penalty moves the weights, the same way each time',
  async check(subject) {
    const weights = await trained(subject);
    ensure(!same(weights, await trainBare(net(), [])), 'without the layer the weights are the same');
    ensure(same(weights, await trained(subject)), 'built twice, two layers differ');
  },
};

const variants: Law<Subject> = {
  name: 'no option is silently ignored',
  async check(subject) {
    const plain = await trained(subject);
    for (const options of subject.variants) {
      ensure(
        !same(await trained(subject, options), plain),
        `${JSON.stringify(options)} trains exactly like ${JSON.stringify(subject.options)}`,
      );
    }
  },
};

const saves: Law<Subject> = {
  name: 'a saved model comes back with its options and its behaviour',
  async check(subject) {
    subject.register();
    const config = (model: tfl.LayersModel): string => JSON.stringify(model.layers[1]?.getConfig());
    for (const options of [subject.options, ...subject.variants]) {
      const model = fresh(subject, options);
      const loaded = await copy(model);
      ensure(config(loaded) === config(model), `getConfig() after loading is ${config(loaded)}, was ${config(model)}`);
      ensure(
        same(await trainBare(loaded, []), await trainBare(model, [])),
        `saved with ${JSON.stringify(options)} and loaded, it trains differently`,
      );
    }
  },
};

const gradient: Law<Subject> = {
  name: 'the gradient of its penalty is that of central differences',
  async check(subject) {
    const model = fresh(subject);
    const optimizer = tf.train.sgd(0.1);
    const run = openRun(model, [], { host: 'fit', optimizer, seed: 5, epoch: () => 0 });
    const { variable, path } = need(run.weights[0], 'weight');
    const x = tf.randomNormal([8, 3], 0, 1, 'float32', 1);
    /** The penalty alone, and its gradient with respect to the weights before the layer. */
    const penalty = (): { value: number; slopes: number[] } => {
      const silent = (): tf.Tensor => tf.mul(tf.sum(model.apply(x, { training: true }) as tf.Tensor), 0);
      const { gradients, loss, penalty, cost } = run.gradients(silent, [variable], run.moment('train'));
      const result = { value: scalar(cost), slopes: numbers(need(gradients.get(path), `gradient of ${path}`)) };
      tf.dispose([loss, penalty, cost, ...gradients.values()]);
      return result;
    };
    const analytic = penalty().slopes;
    const values = numbers(variable);
    const h = 1e-2;
    const numeric = values.map((v, i) => {
      const at = (moved: number): number => {
        variable.assign(tf.tensor(values.with(i, moved), variable.shape));
        return penalty().value;
      };
      return (at(v + h) - at(v - h)) / (2 * h);
    });
    run.dispose();
    const error = distance(analytic, numeric) / Math.max(1e-3, ...analytic.map(Math.abs), ...numeric.map(Math.abs));
    ensure(error < 2e-2, `gradient and central differences differ by ${error.toPrecision(2)} of the largest`);
  },
};

const clean = cleanTraining<Subject>(subject => ({ model: fresh(subject), plugins: [] }));

export const penaltyLaws: readonly Law<Subject>[] = [identity, acts, variants, saves, gradient, clean, parity];
