/** Layers that others write are understood here by their `noise` alone: nothing in this package knows them. */
import { OptionError, option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, defineReparametrization } from '@keepprob/core/layers';
import { counterDropout, normalNoise } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { noiseOff, predictWithUncertainty, setKeepProb } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Drops whole columns of a matrix; `gone` is the share that is dropped. */
const columnDropout = defineLayer<{ readonly gone: number | Schedule }>({
  name: 'columnDropout',
  className: 'TestColumnDropout',
  options: { gone: option.schedule({ min: 0, below: 1 }) },
  noise: {
    gone: { strength: 'dropped', effect: 'multiplies', target: 'activations', noiseShape: () => [null, 1, null] },
  },
  forward(x, { gone }, at) {
    const [batch = 1, , columns = 1] = x.shape;
    const draw = { keepProb: 1 - valueAt(gone, at), noiseShape: [batch, 1, columns], key: at.key(), rows: at.rows };
    return counterDropout(x, draw);
  },
});

/** Multiplies the kernel by 1 + N(0, heat²). */
const warmKernel = defineReparametrization<{ readonly heat: number }>({
  name: 'warmKernel',
  className: 'TestWarmKernel',
  options: { heat: option.number({ min: 0 }) },
  noise: { heat: { strength: 'stddev', effect: 'multiplies', target: 'weights' } },
  kernel: (w, _, { heat }, at) =>
    at && heat > 0 ? tf.mul(w, normalNoise(w.shape, at.key(), { mean: 1, scale: heat })) : w,
});

/** Drops inputs and outputs, each with a share of its own. */
const bothEnds = defineLayer<{ readonly before?: number; readonly after?: number }>({
  name: 'bothEnds',
  className: 'TestBothEnds',
  options: {
    before: option.number({ above: 0, max: 1, fallback: 1 }),
    after: option.number({ above: 0, max: 1, fallback: 1 }),
  },
  noise: {
    before: { strength: 'kept', effect: 'multiplies', target: 'activations' },
    after: { strength: 'kept', effect: 'multiplies', target: 'activations' },
  },
  streams: ['after'],
  forward: (x, { before, after }, at) =>
    counterDropout(counterDropout(x, { keepProb: before, noiseShape: x.shape, key: at.key(), rows: at.rows }), {
      ...{ keepProb: after, noiseShape: x.shape, key: at.key('after'), rows: at.rows },
    }),
});

const behind = (...layers: tf.layers.Layer[]): tf.LayersModel => {
  const input = tf.input({ shape: [3, 8] });
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
};
const x = () => tf.ones([2, 3, 8]);
const say = (model: tf.LayersModel, training: boolean) => [...(model.apply(x(), { training }) as tf.Tensor).dataSync()];

describe.each<[string, () => tf.LayersModel]>([
  ['columnDropout', () => behind(columnDropout({ gone: 0.5 }))],
  ['a schedule', () => behind(columnDropout({ gone: linear({ from: 0.5, to: 0.6, steps: 9 }) }))],
  ['warmKernel', () => behind(warmKernel(tf.layers.dense({ units: 4 }), { heat: 0.5 }))],
  ['bothEnds', () => behind(bothEnds({ before: 0.5, after: 0.5 }))],
  ['in TimeDistributed', () => behind(tf.layers.timeDistributed({ layer: bothEnds({ before: 0.5 }) }))],
])('%s', (_, build) => {
  test('noiseOff turns it off, and on again as it was', () => {
    const model = build();
    const config = () => JSON.stringify(model.layers.map(layer => layer.getConfig()));
    const before = config();
    const quiet = say(model, false);
    expect(say(model, true)).not.toEqual(quiet);
    const restore = noiseOff(model);
    expect(say(model, true)).toEqual(quiet);
    restore();
    expect(config()).toBe(before);
  });

  test('predictWithUncertainty samples it, and says where it is off', async () => {
    const model = build();
    const options = { samples: 8, seed: 1 };
    const first = await predictWithUncertainty(model, x(), options);
    expect(Math.max(...first.variance.dataSync())).toBeGreaterThan(0);
    const again = await predictWithUncertainty(model, x(), options);
    expect([...again.mean.dataSync()]).toEqual([...first.mean.dataSync()]);
    noiseOff(model);
    await expect(predictWithUncertainty(model, x(), options)).rejects.toThrow(/dropout that is on/);
  });
});

describe('setKeepProb', () => {
  test('a share that is dropped is set as 1 − keepProb', () => {
    const layer = columnDropout({ gone: 0.5, name: 'columns' });
    const model = behind(layer);
    const restore = setKeepProb(model, { columns: 0.75 });
    expect(layer.options.gone).toBe(0.25);
    restore();
    expect(layer.options.gone).toBe(0.5);
  });

  test('a standard deviation is no keepProb: it is left alone, and a layer that has only that is unknown', () => {
    const layer = warmKernel(tf.layers.dense({ units: 4 }), { heat: 0.5, name: 'warm' });
    const model = behind(layer, columnDropout({ gone: 0.5 }));
    setKeepProb(model, 0.9);
    expect(layer.options.heat).toBe(0.5);
    expect(() => setKeepProb(model, { warm: 0.5 })).toThrow(OptionError);
  });

  test('of two keepProbs of one layer, the one that is off stays off', () => {
    const layer = bothEnds({ before: 0.5, name: 'ends' });
    setKeepProb(behind(layer), { ends: 0.25 });
    expect(layer.options).toMatchObject({ before: 0.25, after: 1 });
  });

  test('a layer that refuses a value leaves all of them as they were', () => {
    const layer = columnDropout({ gone: 0.5, name: 'columns' });
    const choosy = defineLayer<{ readonly keep: number }>({
      name: 'choosy',
      className: 'TestChoosy',
      options: { keep: option.number({ min: 0.5, max: 1 }) },
      noise: { keep: { strength: 'kept', effect: 'multiplies', target: 'activations' } },
      forward: input => input,
    });
    expect(() => setKeepProb(behind(layer, choosy({ keep: 0.5 })), 0.25)).toThrow(/choosy/);
    expect(layer.options.gone).toBe(0.5);
  });
});

test('a plugin that draws and does not say so is sampled all the same', async () => {
  const silent = defineLayer<object>({
    name: 'silent',
    className: 'TestSilent',
    options: {},
    forward: (input, _, at) =>
      counterDropout(input, { keepProb: 0.5, noiseShape: input.shape, key: at.key(), rows: at.rows }),
  });
  const { variance } = await predictWithUncertainty(behind(silent({})), x(), { samples: 8, seed: 1 });
  expect(Math.max(...variance.dataSync())).toBeGreaterThan(0);
});
