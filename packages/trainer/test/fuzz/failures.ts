/** Whatever fails, wherever: the error says so by its type, nothing of the run is left, and the model trains on. */
import { DataError, definePlugin, type Hooks, OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { CheckpointError, type FitOptions, fit, memoryStore } from '../../src/index.ts';
import { layers, plugins } from '../support/candidates.ts';

const ROWS = 12;

/** What a user's own function throws. */
class Own extends Error {}

/** Throws at its nth call. */
function failing<A extends readonly unknown[], R>(at: number, f: (...args: A) => R): (...args: A) => R {
  let calls = 0;
  return (...args) => {
    if (++calls === at) throw new Own('as asked');
    return f(...args);
  };
}

/** Inside a tidy of ours: makes a tensor first. */
const computing = <A extends readonly unknown[], R>(f: (...args: A) => R): ((...args: A) => R) => {
  return (...args) => {
    tf.scalar(1);
    return f(...args);
  };
};

/** Hooks that do nothing, one for each door. */
const doors: Required<Omit<Hooks, 'restore' | 'monitors'>> = {
  settings: () => ({}),
  batch: batch => batch,
  step: (inner, batch) => inner(batch),
  loss: loss => loss,
  penalty: () => tf.scalar(0),
  l2: () => new Map(),
  gradients: gradients => gradients,
  beforeUpdate: () => undefined,
  weightDecay: () => new Map(),
  afterUpdate: () => undefined,
  evaluate: () => new Map(),
  epochEnd: () => undefined,
  end: () => undefined,
  state: () => ({ tensors: { kept: tf.scalar(1) }, values: null }),
  dispose: () => undefined,
};
const saboteur = (hook: keyof typeof doors | 'setup', at: number): TrainingPlugin =>
  definePlugin({
    name: 'saboteur',
    options: {},
    setup:
      hook === 'setup'
        ? failing(1, () => ({}))
        : () => ({ [hook]: computing(failing(at, doors[hook] as () => unknown)) }),
  })();

const functions = ['progress', 'listener', 'loss', 'metric', 'onYield', 'store.write', 'validation'] as const;

/** Options under which one of the user's functions fails at its nth call. */
function sabotaged(what: (typeof functions)[number], at: number): Partial<FitOptions> {
  const store = memoryStore();
  switch (what) {
    case 'progress':
      return { progress: failing(at, () => undefined) };
    case 'listener':
      return { listeners: [failing(at, () => undefined)] };
    case 'loss':
      return { loss: computing(failing(at, (y: tf.Tensor, p: tf.Tensor) => tf.metrics.categoricalCrossentropy(y, p))) };
    case 'metric':
      return {
        metrics: [computing(failing(at, (y: tf.Tensor, p: tf.Tensor) => tf.metrics.categoricalAccuracy(y, p)))],
      };
    case 'onYield':
      return { onYield: failing(at, () => undefined) };
    case 'store.write':
      return { checkpoint: { store: { ...store, write: failing(at, store.write), read: store.read } } };
    case 'validation':
      return { validation: failing(at, async function* () {}) as never };
  }
}

interface Case {
  readonly middle: readonly string[];
  readonly list: readonly (readonly [name: string, pick: number])[];
  // momentum's own `dispose` leaves a scalar behind
  readonly optimizer: 'sgd' | 'rmsprop' | 'adam';
  /** Where in the list the failing plugin stands. */
  readonly place: number;
  readonly fails: readonly ['hook', keyof typeof doors | 'setup'] | readonly ['function', (typeof functions)[number]];
  readonly at: number;
  readonly checkpoint: boolean;
  readonly abort: boolean;
}

export const cases: fc.Arbitrary<Case> = fc.record({
  middle: fc.array(fc.constantFrom(...Object.keys(layers)), { maxLength: 2 }),
  list: fc.array(fc.tuple(fc.constantFrom(...Object.keys(plugins)), fc.nat(20)), { maxLength: 4 }),
  optimizer: fc.constantFrom('sgd', 'rmsprop', 'adam'),
  place: fc.nat(4),
  fails: fc.oneof(
    fc.tuple(fc.constant('hook'), fc.constantFrom(...(Object.keys(doors) as (keyof typeof doors)[]), 'setup' as const)),
    fc.tuple(fc.constant('function'), fc.constantFrom(...functions)),
  ),
  at: fc.integer({ min: 1, max: 5 }),
  checkpoint: fc.boolean(),
  abort: fc.boolean(),
}) as fc.Arbitrary<Case>;

const data = (rows: number) => ({
  x: tf.randomNormal([rows, 6], 0, 1, 'float32', 5),
  y: tf.tidy(() =>
    tf.cast(
      tf.oneHot(
        tf.tensor1d(
          [...Array(rows).keys()].map(i => i % 3),
          'int32',
        ),
        3,
      ),
      'float32',
    ),
  ),
});
const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });

/** Trains the case, checks what must hold whatever happens, and returns what was thrown. */
export async function holds({ middle, list, optimizer, place, fails, at, checkpoint, abort }: Case): Promise<unknown> {
  const before = tf.memory().numTensors;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [6], ...init(1) }),
      ...middle.flatMap(name => layers[name]?.() ?? []),
      tf.layers.dense({ units: 3, activation: 'softmax', ...init(2) }),
    ],
  });
  const [train, validation, inner] = [data(ROWS), data(5), tf.train[optimizer](0.01, 0.9)];
  const controller = new AbortController();
  const good = list.flatMap(([name, pick]) => plugins[name]?.(pick) ?? []);
  const bad = fails[0] === 'hook' ? [saboteur(fails[1], at)] : [];
  const options: FitOptions = {
    loss: 'categoricalCrossentropy',
    optimizer: inner,
    epochs: 2,
    batchSize: 4,
    seed: 3,
    validation,
    progress: abort ? ({ step }) => void (step === 4 && controller.abort()) : false,
    signal: controller.signal,
    plugins: [...good.slice(0, place), ...bad, ...good.slice(place)],
    ...(checkpoint && { checkpoint: { store: memoryStore(), every: { steps: 1 }, best: null } }),
    ...(fails[0] === 'function' && sabotaged(fails[1], at)),
  };
  const error: unknown = await fit(model, train, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error !== undefined) {
    const typed = [PluginError, OptionError, DataError, CheckpointError, Own].some(type => error instanceof type);
    expect(typed, `an error of another kind: ${String((error as Error)?.stack ?? error)}`).toBe(true);
  }
  // the model is as good as before
  const again = tf.train.sgd(0.01);
  const run = await fit(model, train, { loss: 'categoricalCrossentropy', optimizer: again, progress: false });
  expect(Number.isFinite(run.history.cost?.[0])).toBe(true);
  model.dispose();
  inner.dispose();
  again.dispose();
  tf.dispose([train, validation]);
  expect(tf.memory().numTensors - before, 'tensors that are left').toBe(0);
  return error;
}
