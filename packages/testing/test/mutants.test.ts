/** The kit must fail: planted faults, each one caught by the law that is there for it, and only faults are caught. */

import {
  definePlugin,
  type Hooks,
  isKernel,
  type Moment,
  OptionError,
  option,
  type TrainingPlugin,
} from '@keepprob/core';
import { defineLayer, type LayerDefinition, type NoiseDefinition, register } from '@keepprob/core/layers';
import { counterDropout, keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ConformanceError, type LayerSubject, lawsFor, type Subject, type TrainingSubject } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Drop {
  readonly keepProb: number;
  readonly seed?: number | null;
}
const plain: NoiseDefinition<Drop> = {
  ...{ strength: 'kept', effect: 'multiplies', target: 'activations' },
  noiseShape: () => null,
};
const sound: LayerDefinition<Drop> = {
  name: 'drop',
  className: 'MutantDrop',
  options: {
    keepProb: option.number({ above: 0, max: 1 }),
    seed: option.custom('an integer', v => v === null || Number.isInteger(v), { fallback: null }),
  },
  noise: { keepProb: plain },
  forward: (x, { keepProb }, at) => counterDropout(x, { keepProb, noiseShape: x.shape, key: at.key(), rows: at.rows }),
};

/** A layer subject around a definition, or around a layer class that was tampered with. */
function layer(
  change: Partial<LayerDefinition<Drop>> = {},
  tamper: (l: tf.layers.Layer) => void = () => undefined,
): LayerSubject<Drop> {
  const factory = defineLayer<Drop>({ ...sound, ...change });
  return {
    kind: 'layer',
    name: 'drop',
    create(options) {
      const made = factory(options);
      tamper(made);
      return made;
    },
    register: () => register(factory),
    inputShape: [6],
    options: { keepProb: 0.5, seed: 1 },
    variants: [
      { keepProb: 0.8, seed: 1 },
      { keepProb: 0.5, seed: 2 },
    ],
    bad: [{ options: { keepProb: 2, seed: 1 }, option: 'keepProb' }],
  };
}

type Penalty = (x: tf.Tensor, lambda: number) => tf.Tensor;
const squares: Penalty = (x, lambda) => tf.mul(tf.sum(tf.square(x)), lambda);
/** A layer subject that penalizes what passes, with `keepProb` as λ. */
function penalizing(penalty: Penalty = squares): LayerSubject<Drop> {
  const forward: LayerDefinition<Drop>['forward'] = (x, { keepProb }, at) => {
    at.addPenalty(penalty(x, keepProb));
    return x;
  };
  const options = { keepProb: 0.01 };
  const subject = layer({ name: 'penalizing', className: 'MutantPenalizing', noise: {}, forward });
  return { ...subject, inputShape: [4], random: false, penalizes: true, options, variants: [{ keepProb: 0.02 }] };
}

interface Decay {
  readonly decay: number;
}
type Setup = (options: Decay) => Hooks;
const decay: Setup = ({ decay }) => ({
  beforeUpdate(weights) {
    for (const { variable } of weights.filter(isKernel)) variable.assign(tf.mul(variable, 1 - decay));
  },
});
function training(setup: Setup = decay, create?: (options: Decay) => TrainingPlugin): TrainingSubject<Decay> {
  return {
    kind: 'training',
    name: 'decay',
    create: create ?? definePlugin<Decay>({ name: 'decay', options: { decay: option.number({ min: 0 }) }, setup }),
    weights: true,
    options: { decay: 0.1 },
    variants: [{ decay: 0.2 }],
    bad: [{ options: { decay: -1 }, option: 'decay' }],
  };
}

/** Moves kernels towards the mean of what they were: remembers that, and how often it has been asked. */
function remembering({ decay }: Decay): Hooks {
  const means = new Map<string, tf.Tensor>();
  let count = 0;
  const put = (path: string, mean: tf.Tensor): void => {
    means.get(path)?.dispose();
    means.set(path, tf.keep(tf.clone(mean)));
  };
  return {
    beforeUpdate(weights) {
      count++;
      for (const { variable, path } of weights.filter(isKernel)) {
        const before = means.get(path) ?? variable;
        put(path, tf.add(before, tf.div(tf.sub(variable, before), count)));
        variable.assign(tf.add(variable, tf.mul(tf.sub(means.get(path)!, variable), decay)));
      }
    },
    state: () => ({
      tensors: Object.fromEntries([...means].map(([path, mean]) => [path, tf.clone(mean)])),
      values: count,
    }),
    restore({ tensors, values }) {
      for (const [path, mean] of Object.entries(tensors)) put(path, mean);
      count = values as number;
    },
    dispose: () => tf.dispose([...means.values()]),
  };
}

/** A training subject on images, all of which become darker. */
function onImages(batch: NonNullable<Hooks['batch']>): TrainingSubject<Decay> {
  const setup: Setup = ({ decay }) => ({
    batch(given, at) {
      const x = Object.fromEntries(Object.entries(given.x).map(([name, t]) => [name, tf.mul(t, 1 - decay)]));
      return batch({ ...given, x }, at);
    },
  });
  const { weights: _, ...subject } = training(setup);
  return { ...subject, images: true };
}

const without = (hooks: Hooks, ...names: readonly (keyof Hooks)[]): Hooks =>
  Object.fromEntries(Object.entries(hooks).filter(([name]) => !names.includes(name as keyof Hooks)));

/** `npm test` puts each fault to the laws that are there for it, `npm run test:long` to all of them (vitest.config.ts). */
const allLaws = process.env.CASES === 'all';

/** Names of the laws that the subject breaks, of all or of those of these names. */
async function broken(subject: LayerSubject<Drop> | TrainingSubject<Decay>, asked = /./): Promise<string[]> {
  const names: string[] = [];
  for (const law of lawsFor(subject as unknown as Subject).filter(({ name }) => asked.test(name))) {
    try {
      await law.check(subject as unknown as Subject);
    } catch (error) {
      expect(error).toBeInstanceOf(ConformanceError);
      names.push(law.name);
    }
  }
  return names;
}

test('the sound originals pass every law', async () => {
  expect(await broken(layer())).toEqual([]);
  expect(await broken(penalizing())).toEqual([]);
  expect(await broken(training())).toEqual([]);
  expect(await broken(training(remembering))).toEqual([]);
  expect(
    await broken(
      onImages(batch => {
        expect(Object.values(batch.x)[0]!.shape).toEqual([4, 6, 6, 3]);
        expect([...tf.sum(Object.values(batch.y)[0]!, 1).dataSync()]).toEqual([1, 1, 1, 1]);
        return batch;
      }),
    ),
  ).toEqual([]);
});

/** Half of the squares, as a number that the tape does not see. */
const halfOf = (x: tf.Tensor, lambda: number): number =>
  (lambda / 2) * x.dataSync<'float32'>().reduce((sum, v) => sum + v * v, 0);
const fixed = { seed: 1, step: 0, site: 0, draw: 0 };
let leaks: tf.Tensor[] = [];
let calls = 0;

test.each<[string, () => LayerSubject<Drop> | TrainingSubject<Decay>, RegExp]>([
  [
    'a frozen mask',
    () =>
      layer({
        forward: (x, { keepProb }, at) =>
          counterDropout(x, { keepProb, noiseShape: x.shape, key: { ...fixed, seed: at.key().seed }, rows: at.rows }),
      }),
    /next step draws new numbers/,
  ],
  [
    'a mask kept at inference',
    () =>
      layer({}, l => {
        const call = l.call.bind(l);
        l.call = inputs => call(inputs, { training: true });
      }),
    /identity at inference/,
  ],
  [
    'a mask that the seed does not decide',
    () =>
      layer({
        forward: (x, o, at) =>
          counterDropout(x, { ...o, noiseShape: x.shape, key: { ...at.key(), seed: calls++ }, rows: at.rows }),
      }),
    /same seed gives the same run/,
  ],
  [
    'a wrong gradient: the mask of another draw',
    () =>
      layer({
        forward: (x, { keepProb }, at) => {
          const key = at.key();
          const drawn = (t: tf.Tensor, step: number) =>
            tf.mul(
              t,
              tf.tensor(
                Float32Array.from(keepBits(t.shape, keepProb, { ...key, step }, at.rows)).map(
                  b => b * keepScale(keepProb),
                ),
                t.shape,
              ),
            );
          return tf.customGrad(t => ({
            value: drawn(t as tf.Tensor, key.step),
            gradFunc: dy => drawn(dy as tf.Tensor, key.step + 1),
          }))(x);
        },
      }),
    /central differences/,
  ],
  [
    'a layer option silently ignored',
    () =>
      layer({
        forward: (x, _, at) => counterDropout(x, { keepProb: 0.5, noiseShape: x.shape, key: at.key(), rows: at.rows }),
      }),
    /no option is silently ignored/,
  ],
  [
    'a config field lost',
    () =>
      layer({}, l => {
        const config = l.getConfig.bind(l);
        l.getConfig = () => ({ ...config(), seed: null });
      }),
    /saved model comes back/,
  ],
  [
    'an unchecked layer option',
    () => layer({ options: { ...sound.options, keepProb: option.number() } }),
    /bad option/,
  ],
  [
    'a tensor leaked by a layer',
    () =>
      layer({
        forward: (x, o, at) => {
          leaks.push(tf.keep(tf.clone(x)));
          return sound.forward(x, o, at);
        },
      }),
    /leave no tensor behind/,
  ],
  ['noise that is not described', () => layer({ noise: {} }), /describes its noise/],
  [
    'a strength that means the opposite',
    () => layer({ noise: { keepProb: { ...plain, strength: 'dropped' } } }),
    /describes its noise/,
  ],
  [
    'noise in a layer that says it is not random',
    () => ({ ...layer({ forward: x => tf.mul(x, 2) }), random: false }),
    /describes its noise/,
  ],
  [
    'noise that is left where its strength is off',
    () => layer({ forward: (x, o, at) => tf.add(sound.forward(x, o, at), 1) }),
    /describes its noise/,
  ],
  [
    'a mask of another shape than the one that is promised',
    () => layer({ noise: { keepProb: { ...plain, noiseShape: () => [null, 1] } } }),
    /mask that it promises/,
  ],
  [
    'a mask from another draw than the one that is promised',
    () =>
      layer({
        forward(x, o, at) {
          at.key();
          return sound.forward(x, o, at);
        },
      }),
    /mask that it promises/,
  ],
  [
    'a layer that says that it is the identity at inference',
    () => ({
      ...layer({}, l => {
        const call = l.call.bind(l);
        l.call = (inputs, kwargs) => tf.mul(call(inputs, kwargs) as tf.Tensor, 2);
      }),
      identity: false,
    }),
    /identity at inference/,
  ],
  ['an activity penalty of nothing', () => penalizing(() => tf.scalar(0)), /moves the weights/],
  ['an activity penalty that ignores its λ', () => penalizing(x => squares(x, 0.01)), /no option is silently ignored/],
  [
    'an activity penalty with half its gradient',
    () => penalizing((x, lambda) => tf.add(tf.mul(squares(x, lambda), 0.5), tf.scalar(halfOf(x, lambda)))),
    /gradient of its penalty/,
  ],
  [
    'an activity penalty that leaks',
    () =>
      penalizing((x, lambda) => {
        leaks.push(tf.keep(tf.clone(x)));
        return squares(x, lambda);
      }),
    /leave no tensor behind/,
  ],
  [
    'a forgotten bias filter',
    () =>
      training(({ decay }) => ({
        beforeUpdate(weights) {
          for (const { variable } of weights) variable.assign(tf.mul(variable, 1 - decay));
        },
      })),
    /leaves biases and gains alone/,
  ],
  [
    'a tensor leaked by a hook',
    () =>
      training(o => ({
        ...decay(o),
        afterUpdate: () => {
          leaks.push(tf.keep(tf.scalar(1)));
        },
      })),
    /leave no tensor behind/,
  ],
  [
    'state kept in the plugin',
    () =>
      training(decay, ({ decay }) => {
        if (!(decay >= 0)) throw OptionError.of('decay', 'decay', 'a number ≥ 0', decay);
        let strength = decay;
        return definePlugin<Decay>({
          name: 'decay',
          options: { decay: option.number({ min: 0 }) },
          setup: () => ({
            beforeUpdate(weights) {
              strength *= 0.5;
              for (const { variable } of weights.filter(isKernel)) variable.assign(tf.mul(variable, 1 - strength));
            },
          }),
        })({ decay });
      }),
    /one value serves two models/,
  ],
  [
    'tensors that are kept and in no state',
    () => training(o => without(remembering(o), 'state', 'restore')),
    /interrupted, restored/,
  ],
  [
    'a count that is in no state',
    () =>
      training(o => {
        const hooks = remembering(o);
        return {
          ...hooks,
          state: () => ({ ...hooks.state!(), values: 0 }),
        };
      }),
    /interrupted, restored/,
  ],
  [
    'a state that is not put back',
    () => training(o => ({ ...remembering(o), restore: () => undefined })),
    /interrupted, restored/,
  ],
  [
    'a state that no file can hold',
    () => training(o => ({ ...remembering(o), state: () => ({ tensors: {}, values: new Map() as never }) })),
    /interrupted, restored/,
  ],
  [
    'a memory of the module, begun anew in each run',
    () => {
      let count = 0;
      return training(({ decay }) => {
        count = 0;
        return {
          beforeUpdate(weights) {
            count++;
            for (const { variable } of weights.filter(isKernel)) variable.assign(tf.mul(variable, 1 - decay / count));
          },
          state: () => ({ tensors: {}, values: count }),
          restore({ values }) {
            count = values as number;
          },
        };
      });
    },
    /trained in turns/,
  ],
  [
    'a memory by weight, which outlives the run',
    () => {
      const counts = new WeakMap<tf.Variable, number>();
      return training(({ decay }) => {
        const counted = new Map<string, tf.Variable>();
        return {
          beforeUpdate(weights) {
            for (const { variable, path } of weights.filter(isKernel)) {
              const count = (counts.get(variable) ?? 0) + 1;
              counts.set(variable, count);
              counted.set(path, variable);
              variable.assign(tf.mul(variable, 1 - decay / count));
            }
          },
          state: () => ({
            tensors: {},
            values: Object.fromEntries([...counted].map(([path, variable]) => [path, counts.get(variable) ?? 0])),
          }),
          restore() {},
        };
      });
    },
    /second stock fit/,
  ],
  [
    'a layer that counts its calls',
    () =>
      layer({ className: 'MutantCounting' }, l => {
        const call = l.call.bind(l);
        let count = 0;
        l.call = (inputs, kwargs) => tf.mul(call(inputs, kwargs) as tf.Tensor, kwargs.training ? 1 + 0.1 * count++ : 1);
      }),
    /interrupted, restored/,
  ],
  ['a training option silently ignored', () => training(() => decay({ decay: 0.1 })), /no option is silently ignored/],
  ['a plugin that does nothing', () => training(() => ({})), /moves the weights/],
  [
    'a batch hook that puts its own tensor into the batch that it was given',
    () => ({
      ...onImages(batch => batch),
      create: definePlugin<Decay>({
        name: 'decay',
        options: { decay: option.number({ min: 0 }) },
        setup: ({ decay }) => ({
          batch(given) {
            for (const [name, t] of Object.entries(given.x)) Reflect.set(given.x, name, tf.mul(t, 1 - decay));
            return given;
          },
        }),
      }),
    }),
    /batch hook leaves what it is given alone/,
  ],
  [
    'a gradients hook that disposes what it was given',
    () =>
      training(o => ({
        ...decay(o),
        gradients: given =>
          new Map(
            [...given].map(([path, g]) => {
              const twice = tf.mul(g, 2);
              g.dispose();
              return [path, twice];
            }),
          ),
      })),
    /gradients hook leaves what it is given alone/,
  ],
  [
    'a gradients hook that changes the map that it was given',
    () =>
      training(o => ({
        ...decay(o),
        gradients(given) {
          for (const [path, g] of given) (given as Map<string, tf.Tensor>).set(path, tf.mul(g, 2));
          return given;
        },
      })),
    /gradients hook leaves what it is given alone/,
  ],
  [
    'numbers of Math.random',
    () => training(o => decay({ decay: o.decay * Math.random() })),
    /same seed gives the same run/,
  ],
  [
    'a batch hook that disposes what it was given',
    () =>
      onImages(batch => {
        tf.dispose(Object.values(batch.y));
        return { ...batch, y: Object.fromEntries(Object.keys(batch.y).map(name => [name, tf.zeros([4, 2])])) };
      }),
    /leaves what it is given alone/,
  ],
  [
    'a plugin that leaves the images as they are',
    () => ({ ...training(() => ({})), images: true }),
    /moves the weights/,
  ],
  [
    'a penalty with half its gradient',
    () =>
      training(({ decay }) => ({
        penalty: (weights, _: Moment) =>
          weights
            .filter(isKernel)
            .map(({ variable }) =>
              tf.customGrad((w, save) => {
                (save as (t: tf.Tensor[]) => void)([w as tf.Tensor]);
                return {
                  value: tf.mul(tf.sum(tf.square(w as tf.Tensor)), decay),
                  gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(saved!, tf.mul(dy, decay)),
                };
              })(variable),
            )
            .reduce((sum, p) => tf.add(sum, p)),
      })),
    /gradient of its penalty/,
  ],
])('%s is caught', async (_, subject, law) => {
  leaks = [];
  const names = await broken(subject(), allLaws ? undefined : law);
  tf.dispose(leaks);
  expect(names.join('; ')).toMatch(law);
});
