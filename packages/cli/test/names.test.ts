/** Every layer, plugin and schedule of the families has its name in a config. */
import * as augment from '@keepprob/augment';
import * as averaging from '@keepprob/averaging';
import { OptionError } from '@keepprob/core';
import * as dropout from '@keepprob/dropout';
import * as gradients from '@keepprob/gradients';
import * as l1 from '@keepprob/l1';
import * as l2 from '@keepprob/l2';
import * as schedules from '@keepprob/schedules';
import * as stopping from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { layerNames, layerOf } from '../src/config/layers.ts';
import { pluginNames, pluginOf } from '../src/config/plugins.ts';

type Exports = Readonly<Record<string, unknown>>;
const families: readonly Exports[] = [augment, averaging, dropout, gradients, l1, l2, schedules, stopping];
const functions = (exports: Exports): [string, (options: object) => unknown][] =>
  Object.entries(exports).filter((entry): entry is [string, () => unknown] => typeof entry[1] === 'function');

/** Whether it makes training plugins: from no options, or it misses one by its own name. */
function makesPlugins(name: string, make: (options: object) => unknown): boolean {
  try {
    const made = make({}) as { apiVersion?: unknown } | Promise<unknown> | undefined;
    if (made instanceof Promise) made.catch(() => undefined);
    else return made?.apiVersion === 1;
    return false;
  } catch (error) {
    return (
      error instanceof OptionError &&
      error.message.startsWith(`${name}: option \``) &&
      error.message.includes('is missing')
    );
  }
}

/** Functions that miss options as plugins do, and make none. */
const others = [
  'activityL1',
  'activityL2',
  'linearDepth',
  'modelPrecision',
  'earlyDropout',
  'lateDropout',
  'curriculum',
  'dropPath',
];

describe('plugins', () => {
  const made = families.flatMap(family =>
    functions(family).filter(([name, make]) => !('layerClass' in make) && makesPlugins(name, make)),
  );
  const names = made.map(([name]) => name).filter(name => !others.includes(name));

  test('of all families are there', () => {
    expect(names.length).toBeGreaterThan(35);
    expect(names.filter(name => !pluginNames.includes(name))).toEqual([]);
  });

  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'only' })] });
  const weights = (spec: object) => pluginOf('c', spec as never, model);

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
    const hooks = weights({ plugin: 'l2', strength: 0.1, where: { layers: ['only'], roles: ['bias'] } }).setup({
      host: 'fit',
      site: 0,
    });
    const weight = (layer: string, role: string) => ({ layer, role, path: `${layer}/${role}` });
    const all = [weight('only', 'bias'), weight('only', 'kernel'), weight('other', 'bias')];
    expect([...hooks.l2!(all as never, {} as never).keys()]).toEqual(['only/bias']);
  });

  test.each<[object, string]>([
    [{ plugin: 'L2' }, 'c: there is no plugin "L2". Did you mean "l2"? Known: '],
    [{ plugin: 'l2', strenght: 1 }, 'c: l2: unknown option `strenght`. Did you mean `strength`?'],
    [
      { plugin: 'l2', strength: 1, where: { role: [] } },
      'c.where: where: unknown option `role`. Did you mean `roles`?',
    ],
    [{ plugin: 'l2', strength: 1, where: { roles: ['kernels'] } }, 'Expected a list of kernel, depthwise,'],
    [{ plugin: 'l2', strength: 1, of: { plugin: 'l1', strength: 1 } }, 'c: l2 stands alone; `of` is for chain, oneOf,'],
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

  test('of TF.js and of all families are there', () => {
    const stock = functions(tf.layers)
      .map(([name]) => name)
      .filter(name => /^[a-z]/.test(name));
    const ours = families
      .flatMap(family => functions(family).filter(([, make]) => 'layerClass' in make))
      .map(([name]) => name);
    // a chain has no residual branches to drop
    const wanted = [...stock.filter(name => !leftOut.includes(name)), ...ours.filter(name => name !== 'dropPath')];
    expect(wanted.length).toBeGreaterThan(60);
    expect(wanted.filter(name => !layerNames.includes(name))).toEqual([]);
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
    [{ layer: 'dense', units: 3, activation: 'rleu' }, 'c: Unknown activation'],
    [{ layer: 'dropout', keepProb: 2 }, 'c: dropout: invalid value for option `keepProb`. Expected a number > 0 ≤ 1'],
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
