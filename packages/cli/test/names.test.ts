/** Every technique of the families has its entry, and every entry its name in a config. */
import { readFileSync } from 'node:fs';
import * as augment from '@keepprob/augment';
import * as averaging from '@keepprob/averaging';
import { weightsOf } from '@keepprob/core';
import { definitionOf } from '@keepprob/core/catalogue';
import * as coreSchedules from '@keepprob/core/schedules';
import * as dropout from '@keepprob/dropout';
import * as gradients from '@keepprob/gradients';
import * as l1 from '@keepprob/l1';
import * as l2 from '@keepprob/l2';
import * as schedules from '@keepprob/schedules';
import * as stopping from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { catalogue, named } from '../src/config/catalogue.ts';
import { layerOf } from '../src/config/make/layers.ts';
import { pluginOf } from '../src/config/make/plugins.ts';
import { withSchedules } from '../src/config/make/schedules.ts';
import { stockLayers } from '../src/config/make/stockLayers.ts';

type Exports = Readonly<Record<string, unknown>>;
const families: readonly Exports[] = [augment, averaging, dropout, gradients, l1, l2, schedules, stopping];

describe('the catalogue', () => {
  const entryOf = (name: string) => catalogue.find(entry => entry.name === name);

  test('names each technique once', () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
  test('holds every factory that a family exports, under the name of the export', () => {
    const defined = families.flatMap(family =>
      Object.entries(family).filter(([, factory]) => definitionOf(factory) !== undefined),
    );
    expect(defined.length).toBeGreaterThan(60);
    for (const [name, factory] of defined) expect([name, entryOf(name)?.factory]).toEqual([name, factory]);
    const schedule = Object.keys(coreSchedules).filter(name => !['isSchedule', 'valueAt'].includes(name));
    expect(schedule.filter(name => entryOf(name)?.kind !== 'schedule')).toEqual([]);
  });
  test('stands in the README of its family and in that of the repository', () => {
    const read = (path: string): string => readFileSync(new URL(`../../${path}README.md`, import.meta.url), 'utf8');
    const names = ['augment', 'averaging', 'dropout', 'gradients', 'l1', 'l2', 'schedules', 'stopping'];
    const [whole, parts] = [read('../'), names.map(name => read(`${name}/`)).join('\n')];
    const missing = catalogue.filter(
      ({ name, calls }) => !whole.includes(`\`${name}\``) || !calls.every(call => parts.includes(`\`${call}\``)),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
  test('combines techniques badly with others that there are', () => {
    const named = catalogue.flatMap(entry => Object.keys(entry.combinesBadlyWith ?? {}));
    const known = [...catalogue.map(({ name }) => name), 'classWeight', 'Adam', 'distillation'];
    expect(named.filter(name => /^\w+$/.test(name) && !known.includes(name))).toEqual([]);
  });

  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  const inner = { plugin: 'cutout', size: 2 };
  test.each(Object.entries(named('plugin')))('%s: a config makes the plugin', (name, { takes, options, make }) => {
    const spec = { plugin: name, ...options, ...(takes === 'plugins' && { of: inner }) };
    const made = make(options, { model, of: [augment.cutout(2)] });
    const { name: itsName, config } = pluginOf('c', spec, model);
    expect([itsName, config]).toEqual([made.name, made.config]);
  });
  test.each(Object.entries(named('layer')))(
    '%s: a config makes the layer',
    (name, { takes, options, make, around }) => {
      const spec = { layer: name, ...options, ...(takes === 'layer' && { of: { layer: 'dense', units: 3 } }) };
      expect(layerOf('c', spec).getClassName()).toBe(make(options, around()).getClassName());
    },
  );
  test.each(Object.entries(named('schedule')))('%s: a config makes the schedule', (name, { options, make }) => {
    expect(withSchedules('c', { schedule: name, ...options })).toEqual(make(options));
  });
});

describe('plugins', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'only' })] });
  const weights = (spec: object) => pluginOf('c', spec as never, model);
  const penalized = (spec: object, of: tf.LayersModel) => {
    const { l2 } = pluginOf('c', spec as never, of).setup({ host: 'fit', site: 0 });
    return [...l2!(weightsOf(of), { step: 0, epoch: 0, stepsPerEpoch: 1 } as never).keys()];
  };

  test('around others have those as `of`', () => {
    const plugin = weights({
      plugin: 'untilEpoch',
      epochs: 3,
      of: {
        plugin: 'oneOf',
        of: [
          { plugin: 'mixup', alpha: 0.2 },
          { plugin: 'cutmix', alpha: 1 },
        ],
      },
    });
    expect(plugin.name).toBe('untilEpoch(oneOf(mixup, cutmix))');
    const { labelSmoothing, randomApply } = augment;
    expect(
      weights({ plugin: 'randomApply', probability: 0.5, of: { plugin: 'labelSmoothing', smoothing: 0.1 } }).config,
    ).toEqual(randomApply(labelSmoothing(0.1), 0.5).config);
  });

  test('act where a config says: by layers, by roles', () => {
    const spec = { plugin: 'l2', strength: 0.1, where: { layers: ['only'], roles: ['bias'] } };
    expect(penalized(spec, model)).toEqual(['0-Dense/bias']);
    expect(() => weights({ ...spec, where: { layers: ['onyl'] } })).toThrow('no layer "onyl". Layers: only.');
  });

  test('name a layer by its path where several have its name', () => {
    const part = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'same' }), tf.layers.reLU()] });
    const nested = tf.sequential({
      layers: [part(), part(), tf.layers.dense({ units: 1, name: 'last', useBias: false })],
    });
    const of = (...layers: string[]) => penalized({ plugin: 'l2', strength: 0.1, where: { layers } }, nested);
    expect(() => of('same')).toThrow('2 layers "same": 0-Sequential/0-Dense, 1-Sequential/0-Dense. Name the one');
    expect(of('1-Sequential/0-Dense')).toEqual(['1-Sequential/0-Dense/kernel', '1-Sequential/0-Dense/bias']);
    expect(of('last')).toEqual(['2-Dense/kernel']);
    const [first] = nested.layers;
    expect(of(first!.name)).toEqual(['0-Sequential/0-Dense/kernel', '0-Sequential/0-Dense/bias']);
  });

  test.each<[object, string]>([
    [{ plugin: 'L2' }, 'c: there is no plugin "L2". Did you mean "l2"? Known: '],
    [{ plugin: 'l2', strenght: 1 }, 'c: l2: unknown option `strenght`. Did you mean `strength`?'],
    [
      { plugin: 'l2', strength: 1, where: { role: [] } },
      'c.where: where: unknown option `role`. Did you mean `roles`?',
    ],
    [{ plugin: 'l2', strength: 1, where: { roles: ['kernels'] } }, 'Expected a list of kernel, depthwise,'],
    [
      { plugin: 'l2', strength: 1, of: { plugin: 'l1', strength: 1 } },
      'c: l2 stands alone; `of` is for chain, randomApply,',
    ],
    [{ plugin: 'oneOf' }, 'c: oneOf goes around others. Name them as `of`'],
    [{ plugin: 'oneOf', of: [{ plugin: 'mixup' }] }, 'c.of[0]: mixup: option `alpha` is missing.'],
    [{ plugin: 'oneOf', of: [{}] }, 'c.of[0]: option `plugin` is missing.'],
    [{ plugin: 'layerConstraints', model: 1 }, 'c: layerConstraints: unknown option `model`.'],
  ])('%j is refused', (spec, message) => expect(() => weights(spec)).toThrow(message));
});

describe('layers', () => {
  /** Of TF.js, and not for a chain: several inputs, cells, what a chain has anyway, other names, ours under TF.js' spelling. */
  const leftOut =
    `add average concatenate dot maximum minimum multiply gruCell lstmCell simpleRNNCell convLstm2dCell stackedRNNCells
    rnn input inputLayer randomWidth spatialDropout1d avgPool1d avgPool2d avgPool3d avgPooling1d avgPooling2d avgPooling3d maxPool1d maxPool2d
    globalMaxPool1d globalMaxPool2d`.split(/\s+/);

  test('of TF.js are there', () => {
    const stock = Object.keys(tf.layers).filter(name => /^[a-z]/.test(name) && !leftOut.includes(name));
    expect(stock.length).toBeGreaterThan(45);
    const known = [...Object.keys(stockLayers), ...Object.keys(named('layer')), 'bidirectional', 'timeDistributed'];
    expect(stock.filter(name => !known.includes(name))).toEqual([]);
  });

  test('are ours where TF.js has one of that name, too; wrappers have theirs as `of`', () => {
    expect(layerOf('c', { layer: 'dropout', rate: 0.5 }).getClassName()).toBe('KeepprobDropout');
    const wrapped = layerOf('c', {
      layer: 'weightNorm',
      of: { layer: 'bidirectional', of: { layer: 'lstm', units: 3 }, mergeMode: 'sum' },
    });
    expect(wrapped.getClassName()).toBe('KeepprobWeightNorm');
    expect(JSON.stringify(wrapped.getConfig())).toMatch(/"Bidirectional".*"mergeMode":"sum"/);
  });

  test.each<[object, string]>([
    [{ layer: 'dens', units: 3 }, 'c: there is no layer "dens". Did you mean "dense"? Known: '],
    [
      { layer: 'dense', units: 3, activaton: 'relu' },
      'c: dense: unknown option `activaton`. Did you mean `activation`?',
    ],
    [
      { layer: 'dense', units: 3, activation: 'rleu' },
      'c: dense: there is no activation "rleu". Did you mean "elu"? Known: elu, gelu,',
    ],
    [
      { layer: 'dropout', keepProb: 2 },
      'c: dropout: invalid value for option `keepProb`. Expected a number > 2^-17 and ≤ 1',
    ],
    [{ layer: 'weightNorm' }, 'c: weightNorm wraps a layer. Name it as `of`'],
    [{ layer: 'dense', units: 3, of: { layer: 'dense' } }, 'c: dense wraps no layer; `of` is for bidirectional,'],
    [
      { layer: 'timeDistributed', of: { layer: 'dense', unit: 3 } },
      'c.of: dense: unknown option `unit`. Did you mean `units`?',
    ],
    [
      { layer: 'timeDistributed', units: 3, of: { layer: 'dense', units: 3 } },
      'c: timeDistributed: unknown option `units`.',
    ],
  ])('%j is refused', (spec, message) => expect(() => layerOf('c', spec as never)).toThrow(message));
});
