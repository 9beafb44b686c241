/** A run: what it opens it lets go of, the clock, and the doors outside an update. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { openRun } from '../../src/driver.ts';
import { definePlugin, type Hooks, OptionError, PluginError, type TrainingPlugin } from '../../src/index.ts';
import { left, line, numberOf, probe, RATE } from './line.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const options = { optimizer: tf.train.sgd(RATE), seed: 1, epoch: () => 0 };
const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });

/** Keeps a tensor from setup to dispose, which it notes. */
const keeping = (name: string, disposed: string[], more: Hooks = {}): TrainingPlugin =>
  definePlugin({
    name,
    options: {},
    setup() {
      const kept = tf.keep(tf.scalar(1));
      return {
        ...more,
        dispose() {
          kept.dispose();
          disposed.push(name);
        },
      };
    },
  })();

const throws = (): never => {
  throw new Error('no');
};

describe('set up and disposed', () => {
  test.each([
    ['cannot be set up', definePlugin({ name: 'last', options: {}, setup: throws })(), 'fit', 'setup'],
    ['has a hook that stock fit cannot run', probe({ evaluate: () => undefined }, 'last'), 'stock', 'evaluate'],
  ] as const)('those before a plugin that %s are disposed', (_, last, host, hook) => {
    const disposed: string[] = [];
    const model = net();
    const list = [keeping('first', disposed), [keeping('second', disposed)], last];
    const opening = () => openRun(model, list, { host, ...options });
    const made = left(() => {
      expect(opening).toThrow(PluginError);
      expect(opening).toThrow(expect.objectContaining({ plugin: 'last', hook }));
    });
    expect(made).toBe(0);
    expect(disposed).toEqual(['first', 'second', 'first', 'second']);
  });

  test('every plugin is disposed, also when one before it fails, whose error is the run’s', () => {
    const disposed: string[] = [];
    const failing = probe({
      dispose() {
        throw new Error('no');
      },
    });
    const made = left(() => {
      const run = openRun(net(), [keeping('first', disposed), failing, keeping('last', disposed)], {
        host: 'fit',
        ...options,
      });
      expect(() => run.dispose()).toThrow(expect.objectContaining({ plugin: 'probe', hook: 'dispose' }));
      tf.dispose(run.weights.map(w => w.variable));
    });
    expect(disposed).toEqual(['first', 'last']);
    expect(made).toBe(0);
  });

  test('a model or an optimizer that is none is an OptionError', () => {
    expect(() => openRun({} as never, [], { host: 'fit', ...options })).toThrow(OptionError);
    expect(() => openRun(net(), [], { host: 'fit', ...options, optimizer: {} as never })).toThrow(OptionError);
  });
});

test('a moment is of the update in progress, tells epoch and rate when asked, and draws no keys', () => {
  let epoch = 3;
  const optimizer = tf.train.sgd(RATE);
  const run = openRun(net(), [], { host: 'fit', seed: 1, optimizer, epoch: () => epoch });
  const at = run.moment('train', { rows: [2, 8] });
  expect(at).toMatchObject({ step: 0, phase: 'train', rows: [2, 8], epoch: 3 });
  epoch = 4;
  expect([at.epoch, at.learningRate]).toEqual([4, RATE]);
  expect(run.moment('evaluate', { step: 7 })).toMatchObject({ step: 7, phase: 'evaluate', rows: [0, 0] });
  expect(() => at.key()).toThrow(PluginError);
  run.restore(5, undefined);
  expect([run.step, run.moment('train').step, at.step]).toEqual([5, 5, 0]);
});

test('a plugin draws from its own site; its draws count on within a moment and begin again with the next', () => {
  const keys: unknown[] = [];
  const draws = (name: string): TrainingPlugin =>
    probe(
      { beforeUpdate: (_, at) => void keys.push(at.key()), afterUpdate: (_, at) => void keys.push(at.key()) },
      name,
    );
  const { run } = line(draws('a'), draws('b'));
  for (const at of [run.moment('train'), run.moment('train')]) run.update({ gradients: new Map(), l2: new Map() }, at);
  const key = (site: number, step: number, draw: number) => ({ seed: 1, site, step, draw });
  const [a, b] = [65_536, 65_792];
  expect(keys).toEqual([
    ...[key(a, 0, 0), key(b, 0, 0), key(a, 0, 1), key(b, 0, 1)],
    // the second moment was made before the first update
    ...[key(a, 0, 0), key(b, 0, 0), key(a, 0, 1), key(b, 0, 1)],
  ]);
});

test('`begin` sets the optimizer; a setting that it does not have is an error', () => {
  const { run, optimizer } = line(probe({ settings: at => ({ learningRate: 0.5 / (at.step + 1) }) }));
  run.begin(run.moment('train', { step: 1 }));
  expect(run.moment('train').learningRate).toBe(0.25);
  const other = openRun(net(), [probe({ settings: () => ({ momentum: 0.9 }) })], {
    host: 'fit',
    ...options,
    optimizer,
  });
  expect(() => other.begin(other.moment('train'))).toThrow(PluginError);
  const leaking = line(probe({ settings: () => ({ learningRate: numberOf(tf.scalar(0.5)) }) })).run;
  expect(left(() => leaking.begin(leaking.moment('train')))).toBe(0);
});

test('a batch is the caller’s, as the plugins leave it; what lies between is let go of, and an error leaves nothing', () => {
  const twice = probe({ batch: b => ({ ...b, x: { x: tf.mul(b.x.x!, 2) } }) });
  const { run, batch } = line(twice, twice);
  const at = run.moment('train');
  let changed = batch;
  expect(
    left(() => {
      changed = run.batch(batch, at);
    }),
  ).toBe(1);
  expect([numberOf(changed.x.x!), numberOf(batch.x.x!)]).toEqual([12, 3]);
  expect(line().run.batch(batch, at)).toEqual(batch);
  const failing = line(
    twice,
    probe({
      batch() {
        throw new Error('no');
      },
    }),
  ).run;
  expect(left(() => expect(() => failing.batch(batch, at)).toThrow(PluginError))).toBe(0);
  expect(batch.x.x!.isDisposed).toBe(false);
});

test('the verdict at the end of an epoch sets the learning rate; a hook that fails leaves nothing', () => {
  const stops = probe({ epochEnd: () => ({ stop: 'enough', learningRate: numberOf(tf.scalar(0.125)) }) });
  const { run, optimizer } = line(stops);
  let verdict = {};
  expect(
    left(() => {
      verdict = run.epochEnd({}, run.moment('evaluate'));
    }),
  ).toBe(0);
  expect(verdict).toEqual({ stop: 'enough', learningRate: 0.125 });
  expect((optimizer as unknown as { learningRate: number }).learningRate).toBe(0.125);
  expect(line().run.epochEnd({}, run.moment('evaluate'))).toEqual({});
  const failing = line(
    probe({
      epochEnd() {
        tf.scalar(1);
        throw new Error('no');
      },
    }),
  ).run;
  const ending = () => failing.epochEnd({}, failing.moment('evaluate'));
  expect(left(() => expect(ending).toThrow(expect.objectContaining({ plugin: 'probe', hook: 'epochEnd' })))).toBe(0);
});

test('`having` names the plugins with a hook; the state of a run goes into another', () => {
  const counting = (name: string): TrainingPlugin =>
    definePlugin({
      name,
      options: {},
      setup() {
        let count = 0;
        return {
          afterUpdate: () => void count++,
          state: () => ({ tensors: {}, values: count }),
          restore: ({ values }) => {
            count = values as number;
          },
        };
      },
    })();
  const { run } = line(counting('a'), probe({ end: () => undefined }, 'b'), counting('c'));
  expect([run.having('afterUpdate'), run.having('end'), run.having('loss')]).toEqual([['a', 'c'], ['b'], []]);
  run.update({ gradients: new Map(), l2: new Map() }, run.moment('train'));
  const other = line(counting('a'), counting('c')).run;
  other.restore(run.step, run.state());
  expect([other.step, other.state()?.values]).toEqual([1, [1, 1]]);
  expect(line().run.state()).toBeUndefined();
});

describe('what plugins have set the optimizer to is put back when the run is over', () => {
  const rateOf = (optimizer: tf.Optimizer): unknown => optimizer.getConfig().learningRate;
  const halving = probe({ settings: () => ({ learningRate: 0.5 }), epochEnd: () => ({ learningRate: 0.25 }) });

  test.each<[string, (one: ReturnType<typeof line>) => void, number]>([
    ['by `settings`', ({ run }) => run.begin(run.moment('train')), RATE],
    ['by a verdict', ({ run }) => void run.epochEnd({}, run.moment('evaluate')), RATE],
    [
      'unless somebody has set it since',
      ({ run, optimizer }) => {
        run.begin(run.moment('train'));
        Object.assign(optimizer, { learningRate: 0.125 });
      },
      0.125,
    ],
    [
      'never by a run that sets nothing',
      ({ optimizer }) => void Object.assign(optimizer, { learningRate: 0.125 }),
      0.125,
    ],
    [
      'and what it was set to by a run that is resumed',
      ({ run, optimizer }) => {
        run.restore(3, undefined);
        Object.assign(optimizer, { learningRate: 0.125 });
      },
      RATE,
    ],
  ])('%s', (_, happens, rate) => {
    const one = line(halving);
    happens(one);
    one.run.dispose();
    expect(rateOf(one.optimizer)).toBe(rate);
  });

  test('momentum, too; of a disposed optimizer nothing is made', () => {
    const optimizer = tf.train.momentum(RATE, 0.9);
    const given = { ...options, host: 'fit' as const, optimizer };
    const open = () => openRun(net(), [probe({ settings: () => ({ momentum: 0.5, learningRate: 0.5 }) })], given);
    const run = open();
    run.begin(run.moment('train'));
    expect(optimizer.getConfig()).toMatchObject({ momentum: 0.5 });
    run.dispose();
    expect(optimizer.getConfig()).toMatchObject({ momentum: 0.9 });
    const other = open();
    other.begin(other.moment('train'));
    optimizer.dispose();
    expect(left(() => other.dispose())).toBe(0);
  });
});
