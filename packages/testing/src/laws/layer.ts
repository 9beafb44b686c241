import { isIdentityAtInference } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { trainBare } from '../bare.ts';
import { distance, ensure, leaked, numbers, same, scalar } from '../expect.ts';
import { branches, mergingNet, net, trainStock } from '../net.ts';
import type { Law, LayerSubject } from '../subject.ts';

type Subject = LayerSubject<never>;

const BATCH = 8;
export const input = (subject: Subject): tf.Tensor =>
  subject.input?.() ?? tf.randomNormal([BATCH, ...subject.inputShape], 0, 1, 'float32', 1);
export const modelOf = (subject: Subject, options = subject.options): tfl.LayersModel => {
  const dtype = tf.tidy(() => subject.input?.().dtype ?? 'float32') as 'float32' | 'int32';
  const x = tfl.input({ shape: [...subject.inputShape], dtype });
  const y = subject.create(options).apply(branches(x, subject.inputs));
  return tfl.model({ inputs: x, outputs: y as tfl.SymbolicTensor });
};
/** A new net with the layer in it. */
export const netWith = ({ create, options, inputs = 1 }: Subject): tfl.LayersModel =>
  inputs === 1 ? net(create(options)) : mergingNet(create(options), inputs);
export const say = (model: tfl.LayersModel, x: tf.Tensor, training: boolean): number[] =>
  numbers(tf.tidy(() => model.apply(x, { training }) as tf.Tensor));
/** The model, saved and loaded. */
export async function copy(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const modelTopology = JSON.parse(JSON.stringify(saved?.modelTopology)) as object;
  return tfl.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology }));
}
/** The first training calls of a newly built layer. */
const sequence = (subject: Subject, options = subject.options, model = modelOf(subject, options)): number[][] => {
  const x = input(subject);
  return [0, 1, 2].map(() => say(model, x, true));
};

export const identity: Law<Subject> = {
  name: 'is the identity at inference, or with its own weights draws nothing there',
  async check(subject) {
    const x = input(subject);
    const model = modelOf(subject);
    const once = say(model, x, false);
    ensure(same(say(model, x, false), once), 'two inferences differ');
    ensure(same(numbers(model.predict(x) as tf.Tensor), once), 'predict() differs from apply() at inference');
    if (subject.identity === false && !model.layers.slice(1).every(isIdentityAtInference)) return;
    ensure(same(once, numbers(x)), 'at inference the output differs from the input');
  },
};

const acts: Law<Subject> = {
  name: 'does something in training',
  async check(subject) {
    if (subject.identity === false && subject.random === false) return;
    const x = input(subject);
    const model = modelOf(subject);
    ensure(!same(say(model, x, true), say(model, x, false)), 'the output in training equals the output at inference');
  },
};

/** A hint that a layer that draws needs a seed for equal draws, if the options have none. */
const withoutSeed = (options: object): string =>
  'seed' in options ? '' : '. The options have no seed; a layer that draws needs one here, such as { seed: 7 }';
const fromElsewhere = (options: object): string =>
  withoutSeed(options) || '. Draw from `at.key()`, not from tf.randomNormal or Math.random';

const repeats: Law<Subject> = {
  name: 'the same seed gives the same run',
  async check(subject) {
    const [first, second] = [sequence(subject), sequence(subject)];
    ensure(
      first.every((y, i) => same(y, second[i] as number[])),
      `built twice with ${JSON.stringify(subject.options)}, two layers differ${fromElsewhere(subject.options)}`,
    );
  },
};

const moves: Law<Subject> = {
  name: 'the next step draws new numbers',
  async check(subject) {
    if (subject.random === false) return;
    const [first, second, third] = sequence(subject) as [number[], number[], number[]];
    ensure(!same(first, second) && !same(second, third), 'two steps drew the same numbers: a frozen mask');
  },
};

const variants: Law<Subject> = {
  name: 'no option is silently ignored',
  async check(subject) {
    const plain = sequence(subject);
    for (const options of subject.variants) {
      const other = sequence(subject, options);
      ensure(
        other.some((y, i) => !same(y, plain[i] as number[])),
        `${JSON.stringify(options)} trains exactly like ${JSON.stringify(subject.options)}`,
      );
    }
  },
};

const saves: Law<Subject> = {
  name: 'a saved model comes back with its options and its behaviour',
  async check(subject) {
    subject.register();
    for (const options of [subject.options, ...subject.variants]) {
      const model = modelOf(subject, options);
      const loaded = await copy(model);
      const expected = sequence(subject, options);
      ensure(
        sequence(subject, options, loaded).every((y, i) => same(y, expected[i] as number[])),
        `saved with ${JSON.stringify(options)} and loaded, it trains differently${withoutSeed(options)}`,
      );
      const config = (m: tfl.LayersModel): string => JSON.stringify(m.layers.at(-1)?.getConfig());
      ensure(config(loaded) === config(model), `getConfig() after loading is ${config(loaded)}, was ${config(model)}`);
    }
  },
};

const gradient: Law<Subject> = {
  name: 'its gradient is that of central differences',
  async check(subject) {
    if (subject.input) return;
    // The same draw each time: a new layer with the same seed
    const f = (x: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(modelOf(subject).apply(x, { training: true }) as tf.Tensor));
    const x = input(subject);
    const analytic = numbers(tf.grad(f)(x));
    const values = numbers(x);
    const h = 1e-2; // the loss is quadratic in a linear layer: central differences are exact but for rounding
    const numeric = values.map((value, i) => {
      const at = (v: number): number => tf.tidy(() => scalar(f(tf.tensor(values.with(i, v), x.shape))));
      return (at(value + h) - at(value - h)) / (2 * h);
    });
    const scale = Math.max(1, ...analytic.map(Math.abs));
    const error = distance(analytic, numeric) / scale;
    ensure(
      error < 2e-2,
      `gradient and central differences differ by ${error.toPrecision(2)} times the largest gradient${withoutSeed(subject.options)}`,
    );
  },
};

const clean: Law<Subject> = {
  name: 'thirty steps leave no tensor behind',
  async check(subject) {
    const x = input(subject);
    const model = modelOf(subject);
    const f = (t: tf.Tensor): tf.Tensor => tf.sum(model.apply(t, { training: true }) as tf.Tensor);
    const step = (): void => tf.tidy(() => void (x.dtype === 'float32' ? tf.grad(f)(x) : f(x)));
    step();
    const left = await leaked(async () => {
      for (let i = 0; i < 30; i++) step();
    });
    ensure(left === 0, `${left} tensors after 30 steps`);
  },
};

export const parity: Law<Subject> = {
  name: 'stock fit and a bare loop end with equal weights',
  async check(subject) {
    // only layers that take vectors can be trained in the net
    if (subject.inputShape.length !== 1) return;
    const [stock, bare] = [await trainStock(netWith(subject), []), await trainBare(netWith(subject), [])];
    ensure(same(stock, bare), `weights differ by ${distance(stock, bare)}`);
  },
};

export const layerLaws: readonly Law<Subject>[] = [
  identity,
  acts,
  repeats,
  moves,
  variants,
  saves,
  gradient,
  clean,
  parity,
];
