import {
  type Hooks,
  type Json,
  type Moment,
  PluginError,
  type TrainingPlugin,
  type Weight,
  weightsOf,
} from '@keepprob/core';
import { definitionOf } from '@keepprob/core/catalogue';
import { FIT_ONLY } from '@keepprob/core/driver';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { type Trained, trainBare } from '../bare.ts';
import { distance, ensure, numbers, same, scalar, thrown } from '../expect.ts';
import { data, imageNet, net, trainStock } from '../net.ts';
import type { Law, TrainingSubject } from '../subject.ts';
import { cleanTraining } from './clean.ts';

type Subject = TrainingSubject<never>;

const hooksOf = (plugin: TrainingPlugin): Hooks => plugin.setup({ host: 'fit', site: 0 });
/** Whether a plugin has hooks that stock fit cannot run, at least not without attached data. */
export const stockCannot = (plugin: TrainingPlugin): boolean =>
  [...FIT_ONLY, 'batch' as const].some(hook => hooksOf(plugin)[hook] !== undefined);

const netOf = (subject: Subject): Sequential => (subject.images ? imageNet : net)(...(subject.layers?.() ?? []));
const pluginOf = (subject: Subject, model = netOf(subject), options = subject.options): TrainingPlugin =>
  subject.create(options, model);
/** A new net, with the plugin for it. */
export function inNet(subject: Subject): Trained {
  const model = netOf(subject);
  return { model, plugins: [pluginOf(subject, model)] };
}
/** The weights of a new net after training. */
function trained(subject: Subject, options = subject.options): Promise<number[]> {
  const model = netOf(subject);
  return trainBare(model, [pluginOf(subject, model, options)]);
}

const somewhere: Moment = {
  step: 0,
  phase: 'train',
  epoch: 0,
  learningRate: 0.1,
  rows: [0, 1],
  key: () => ({ seed: 1, step: 0, site: 0, draw: 0 }),
};

const acts: Law<Subject> = {
  name: 'moves the weights, unless it is neutral',
  async check(subject) {
    const [without, with_] = [await trainBare(netOf(subject), []), await trained(subject)];
    ensure(
      same(without, with_) === (subject.neutral === true),
      subject.neutral ? 'a neutral plugin moved the weights' : 'it did nothing',
    );
  },
};

const repeats: Law<Subject> = {
  name: 'the same seed gives the same run',
  async check(subject) {
    const [first, second] = [await trained(subject), await trained(subject)];
    ensure(
      same(first, second),
      'two runs with one seed differ: draw from `at.key()`, not from tf.randomNormal or Math.random, and read no clock',
    );
  },
};

const value: Law<Subject> = {
  name: 'is a plain value: frozen, with a JSON config',
  async check(subject) {
    const plugin = pluginOf(subject);
    ensure(Object.isFrozen(plugin), 'the plugin is not frozen');
    ensure(plugin.apiVersion === 1 && plugin.name.length > 0, 'it has no name or no apiVersion 1');
    const copy = JSON.parse(JSON.stringify(plugin.config)) as Json;
    ensure(JSON.stringify(copy) === JSON.stringify(plugin.config), 'its config is not JSON');
  },
};

const state: Law<Subject> = {
  name: 'one value serves two models without shared state',
  async check(subject) {
    if (subject.ofModel) return;
    const shared = pluginOf(subject);
    const separate = await trained(subject);
    for (const model of [netOf(subject), netOf(subject)]) {
      ensure(
        same(await trainBare(model, [shared]), separate),
        'the second model it trains ends with other weights than the first',
      );
    }
  },
};

/** A choice of weights that is no plugin's default. */
const ofFirstLayer = ({ path }: Weight): boolean => path.startsWith('0');
const written = (options: object): string =>
  JSON.stringify(options, (_, value: unknown) => (typeof value === 'function' ? `function ${value.name}` : value));

const variants: Law<Subject> = {
  name: 'no option is silently ignored',
  async check(subject) {
    const result = async (options: never): Promise<string> =>
      JSON.stringify(subject.neutral ? pluginOf(subject, undefined, options).config : await trained(subject, options));
    const plain = await result(subject.options);
    const chooses = 'where' in ((subject.definition ?? definitionOf(subject.create))?.options ?? {});
    const chosen = { ...(subject.options as object), where: ofFirstLayer } as never;
    for (const options of chooses ? [...subject.variants, chosen] : subject.variants) {
      ensure((await result(options)) !== plain, `${written(options)} trains exactly like ${written(subject.options)}`);
    }
  },
};

const filter: Law<Subject> = {
  name: 'leaves biases and gains alone',
  async check(subject) {
    if (!subject.weights) return;
    // With a data loss of zero, only the plugin moves weights
    const model = netOf(subject);
    const optimizer = tf.train.sgd(0.1);
    const reg = attach(model, optimizer, pluginOf(subject, model));
    model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.mul(p, 0) });
    const others = weightsOf(model).filter(w => w.role === 'bias' || w.role === 'gain');
    const before = others.map(w => numbers(w.variable));
    const { x, y } = data(model, 4);
    for (let i = 0; i < 3; i++) await model.trainOnBatch(x, y);
    reg.dispose();
    for (const [i, { path, variable }] of others.entries()) {
      ensure(same(numbers(variable), before[i] as number[]), `it moved ${path}`);
    }
  },
};

const gradient: Law<Subject> = {
  name: 'the gradient of its penalty is that of central differences',
  async check(subject) {
    const model = netOf(subject);
    const { penalty } = hooksOf(pluginOf(subject, model));
    if (!penalty) return;
    const weights = weightsOf(model).filter(w => w.trainable);
    const f = (): tf.Scalar => penalty(weights, somewhere) as tf.Scalar;
    const { grads } = tf.variableGrads(
      f,
      weights.map(w => w.variable),
    );
    const h = 1e-2;
    for (const { variable, path } of weights) {
      const values = numbers(variable);
      const analytic = grads[variable.name] ? numbers(grads[variable.name] as tf.Tensor) : values.map(() => 0);
      const numeric = values.map((v, i) => {
        const value = (moved: number): number => {
          variable.assign(tf.tensor(values.with(i, moved), variable.shape));
          return tf.tidy(() => scalar(f()));
        };
        const slope = (value(v + h) - value(v - h)) / (2 * h);
        variable.assign(tf.tensor(values, variable.shape));
        return slope;
      });
      const error = distance(analytic, numeric) / Math.max(1e-3, ...analytic.map(Math.abs), ...numeric.map(Math.abs));
      ensure(
        error < 2e-2,
        `${path}: gradient and central differences differ by ${error.toPrecision(2)} of the largest`,
      );
    }
  },
};

const lent: Law<Subject> = {
  name: 'its batch hook leaves what it is given alone',
  async check(subject) {
    const model = netOf(subject);
    const { batch } = hooksOf(pluginOf(subject, model));
    if (!batch) return;
    const { x, y } = data(model, 4);
    const before = [x, y].map(numbers);
    const given = { x: { x }, y: { y } };
    tf.tidy(() => {
      batch(given, { ...somewhere, rows: [0, 4] });
    });
    ensure(!x.isDisposed && !y.isDisposed, 'it disposed a tensor of its batch, which belongs to the driver');
    ensure(
      given.x.x === x && given.y.y === y,
      'it put another tensor into its batch: return a new batch, { ...batch, x: … }',
    );
    ensure(
      [x, y].every((t, i) => same(numbers(t), before[i] as number[])),
      'it changed a tensor of its batch in place',
    );
  },
};

const lentGradients: Law<Subject> = {
  name: 'its gradients hook leaves what it is given alone',
  async check(subject) {
    const model = netOf(subject);
    const hooks = hooksOf(pluginOf(subject, model));
    if (!hooks.gradients) return;
    const weights = weightsOf(model).filter(w => w.trainable);
    const tensors = weights.map(({ path, variable }) => [path, tf.add(variable, 1)] as const);
    const given = new Map<string, tf.Tensor>(tensors);
    tf.tidy(() => {
      hooks.gradients?.(given, weights, somewhere);
    });
    for (const [path, tensor] of tensors) {
      ensure(!tensor.isDisposed, `it disposed the gradient of ${path}, which belongs to the driver`);
      ensure(given.get(path) === tensor, `it changed the given map (${path}): return a new one`);
    }
    hooks.dispose?.();
  },
};

const clean = cleanTraining(inNet);

const parity: Law<Subject> = {
  name: 'stock fit and a bare loop end with equal weights',
  async check(subject) {
    const model = netOf(subject);
    const plugin = pluginOf(subject, model);
    if (stockCannot(plugin)) return;
    const [stock, bare] = [await trainStock(model, [plugin]), await trained(subject)];
    ensure(same(stock, bare), `weights differ by ${distance(stock, bare)}`);
  },
};

const refused: Law<Subject> = {
  name: 'hooks that stock fit cannot run are rejected, never ignored',
  async check(subject) {
    const model = netOf(subject);
    const plugin = pluginOf(subject, model);
    const hooks = hooksOf(plugin);
    const hook = FIT_ONLY.find(name => hooks[name]);
    if (hook) {
      const error = thrown(() => attach(model, tf.train.sgd(0.1), plugin));
      ensure(error instanceof PluginError, `its ${hook} hook was accepted`);
    } else if (hooks.batch || hooks.epochEnd || hooks.end) {
      model.compile({ optimizer: attach(model, tf.train.sgd(0.1), plugin).optimizer, loss: 'meanSquaredError' });
      const { x, y } = data(model, 4);
      const error = await model.trainOnBatch(x, y).catch((e: unknown) => e);
      ensure(error instanceof PluginError, 'its hooks were ignored in trainOnBatch, without callback and dataset');
    }
  },
};

export const trainingLaws: readonly Law<Subject>[] = [
  value,
  acts,
  repeats,
  state,
  variants,
  filter,
  gradient,
  lent,
  lentGradients,
  clean,
  parity,
  refused,
];
