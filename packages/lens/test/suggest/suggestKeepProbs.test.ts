import { OptionError } from '@keepprob/core';
import { curriculum, dropConnect, dropout, keepProbs, setKeepProb } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type SuggestedKeepProbs, suggestKeepProbs } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { dense } = tf.layers;
/** Dense layers h1, h2, …, the last one called `out`. */
const net = (...sizes: number[]): tf.Sequential =>
  tf.sequential({
    layers: sizes.slice(1).map((units, i, all) =>
      dense({
        units,
        activation: i === all.length - 1 ? 'sigmoid' : 'relu',
        name: i === all.length - 1 ? 'out' : `h${i + 1}`,
        ...(i === 0 && { inputShape: [sizes[0]!] }),
      }),
    ),
  });
const of = ({ layers }: SuggestedKeepProbs, name: string) => layers.find(l => l.layer === name)!;

describe('dense nets', () => {
  test("the lecture's net 3-7-7-3-2-1: .5 behind the 7 × 7, .7 behind the 3 × 7 and the 7 × 3, 1.0 elsewhere, input 1.0", () => {
    const found = suggestKeepProbs(net(3, 7, 7, 3, 2, 1));
    expect(found.keepProbs).toEqual({ h1: 0.7, h2: 0.5, h3: 0.7, h4: 1 });
    expect(found.input).toBe(1);
    expect(found.layers.map(l => l.keepProb)).toEqual([0.7, 0.5, 0.7, 1, 1]);
    expect(of(found, 'out').technique).toBeNull();
    expect(found.text).toMatch(/0.7 behind "h1", 0.5 behind "h2", 0.7 behind "h3"; 1.0 elsewhere; input 1.0/);
  });

  test('feeds keepProbs(): dropout stands behind the layers that are told, with these strengths', () => {
    const model = net(3, 7, 7, 3, 2, 1);
    const { keepProbs: table, input } = suggestKeepProbs(model, { input: 0.9 });
    const dropped = keepProbs(model, table, { input });
    const inserted = dropped.layers.filter(l => l.getClassName() === 'KeepprobDropout');
    expect(inserted.map(l => [l.name.replace(/_dropout$/, ''), l.getConfig().keepProb])).toEqual([
      [model.inputNames[0], 0.9],
      ['h1', 0.7],
      ['h2', 0.5],
      ['h3', 0.7],
    ]);
  });

  test.each([
    [[784, 256, 256, 10], { h1: 0.5, h2: 0.7 }],
    [[784, 512, 512, 10], { h1: 0.5, h2: 0.5 }],
    [[784, 1024, 1024, 2048, 10], { h1: 0.7, h2: 0.5, h3: 0.5 }],
    [[784, 128, 32, 10], { h1: 0.5, h2: 1 }],
    // shares just below a quarter, a quarter, just below a half, a half
    [[100, 100, 24, 1], { h1: 0.5, h2: 1 }],
    [[100, 100, 25, 1], { h1: 0.5, h2: 0.7 }],
    [[100, 100, 49, 1], { h1: 0.5, h2: 0.7 }],
    [[100, 100, 50, 1], { h1: 0.5, h2: 0.5 }],
    [[10, 1], {}],
    // half the masks would drop 1 unit, a quarter both of 2, 6 % all 4
    [[10, 1, 1], { h1: 1 }],
    [[10, 2, 1], { h1: 1 }],
    [[10, 4, 1], { h1: 0.7 }],
    [[10, 5, 1], { h1: 0.5 }],
  ])('%j: %j', (sizes, expected) => {
    expect(suggestKeepProbs(net(...sizes)).keepProbs).toEqual(expected);
  });

  test('goes behind the activation and the normalization that belong to a layer, never behind the output', () => {
    const model = tf.sequential({
      layers: [
        dense({ units: 20, inputShape: [20], name: 'h' }),
        tf.layers.batchNormalization({ name: 'norm' }),
        tf.layers.activation({ activation: 'relu', name: 'act' }),
        dense({ units: 10, name: 'out' }),
        tf.layers.activation({ activation: 'softmax', name: 'probabilities' }),
      ],
    });
    const found = suggestKeepProbs(model);
    expect(found.keepProbs).toEqual({ act: 0.5 });
    expect(of(found, 'out').reason).toMatch(/output/);
    expect(() => keepProbs(model, found.keepProbs)).not.toThrow();
  });
});

describe('other layers', () => {
  test('convolutions: whole channels, fewer of them; plain dropout where they are pooled to vectors', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1], name: 'c1' }),
        tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', name: 'c2' }),
        tf.layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, name: 'depthwise' }),
        tf.layers.globalAveragePooling2d({ name: 'global' }),
        dense({ units: 10, activation: 'softmax', name: 'out' }),
      ],
    });
    const found = suggestKeepProbs(model);
    expect(of(found, 'c1')).toMatchObject({ technique: 'spatialDropout2D', keepProb: 1 });
    expect(of(found, 'c2')).toMatchObject({ technique: 'spatialDropout2D', keepProb: 0.8, behind: 'pool' });
    expect(of(found, 'depthwise')).toMatchObject({ technique: 'dropout', behind: 'global', keepProb: 1 });
    expect(found.keepProbs).toEqual({ global: 1 });
  });

  test('recurrent: the state, inside; embedding: features of the vectors, its size does not count', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 5000, outputDim: 16, inputLength: 7, name: 'words' }),
        tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 8 }) as tf.RNN, mergeMode: 'concat', name: 'lstm' }),
        dense({ units: 40, activation: 'relu', name: 'h' }),
        dense({ units: 1, name: 'out' }),
      ],
    });
    const found = suggestKeepProbs(model);
    expect(of(found, 'words')).toMatchObject({ technique: 'spatialDropout1D', keepProb: 0.8, size: 0 });
    // two directions of (16 + 8) × 32
    expect(of(found, 'lstm')).toMatchObject({ technique: 'recurrentDropout', keepProb: 0.7, size: 2 * 24 * 32 });
    expect(found.keepProbs).toEqual({ h: 0.7 }); // 16 × 40 of 1536
    expect(found.text).toMatch(/recurrentDropout 0.7 in "lstm"/);
  });

  test('a model within the model, dropout that is there already, no matrix at all: said', () => {
    const inner = net(4, 4, 4);
    inner.name = 'inner';
    const nested = tf.sequential({ layers: [inner, tf.layers.dropout({ rate: 0.1, name: 'd' }), dense({ units: 1 })] });
    const found = suggestKeepProbs(nested);
    expect(of(found, 'inner').reason).toMatch(/on its own/);
    const flat = suggestKeepProbs(tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2] })] }));
    expect(flat.text).toMatch(/nothing to suggest/);
  });
});

describe('what the model drops already', () => {
  const with_ = (...between: tf.layers.Layer[]) =>
    tf.sequential({
      layers: [dense({ units: 20, inputShape: [20], name: 'h' }), ...between, dense({ units: 10, name: 'out' })],
    });
  test.each<[string, tf.layers.Layer[], object, object]>([
    ['nothing', [], { h: 0.5 }, {}],
    ['ours', [dropout({ keepProb: 0.9, name: 'd' })], {}, { d: 0.5 }],
    ['TF.js’ own', [tf.layers.dropout({ rate: 0.1, name: 'd' })], {}, { d: 0.5 }],
    ['as much as the rule says', [tf.layers.dropout({ rate: 0.5, name: 'd' })], {}, {}],
    [
      'behind layers that hand on',
      [tf.layers.reshape({ targetShape: [20], name: 'r' }), dropout({ keepProb: 0.9, name: 'd' })],
      {},
      { d: 0.5 },
    ],
    ['by a schedule', [dropout({ keepProb: curriculum({ keepProb: 0.5, steps: 9 }), name: 'd' })], {}, { d: 0.5 }],
    ['weights, not activations', [dropConnect(dense({ units: 4 }), { keepProb: 0.7 })], { h: 0.5 }, {}],
  ])('%s', (_, between, inserted, set) => {
    const model = with_(...between);
    const found = suggestKeepProbs(model);
    expect(found.keepProbs).toMatchObject(inserted);
    expect('h' in found.keepProbs).toBe('h' in inserted);
    expect(found.set).toEqual(set);
    // both together leave one dropout behind each layer
    setKeepProb(model, found.set);
    const changed = keepProbs(model, found.keepProbs);
    const again = suggestKeepProbs(changed);
    expect([Object.values(again.keepProbs).filter(p => p < 1), again.set]).toEqual([[], {}]);
  });

  test('the rule is said to be the lecture’s', () => {
    for (const between of [[], [dropout({ keepProb: 0.9 })], [dropout({ keepProb: 0.5 })]])
      expect(suggestKeepProbs(with_(...between)).text).toMatch(/lecture's rule.*The rule is the lecture's/s);
  });
});

test('bad input is refused', () => {
  expect(() => suggestKeepProbs(undefined as never)).toThrow(OptionError);
  expect(() => suggestKeepProbs(tf.sequential())).toThrow(/not built/);
  expect(() => suggestKeepProbs(net(2, 2, 1), { input: 0 })).toThrow(/input/);
  expect(() => suggestKeepProbs(net(2, 2, 1), { inputs: 1 } as never)).toThrow(/Did you mean `input`/);
});
