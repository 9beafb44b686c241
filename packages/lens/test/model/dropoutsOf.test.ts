/** Dropout that is no mask on activations is named, with the reason, and never counted as if it were one. */
import {
  alphaDropout,
  concreteDropout,
  dropConnect,
  dropoutLSTM,
  dropPath,
  embeddingDropout,
  gaussianDropout,
  register,
  wordDropout,
} from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { effectiveL2, showMask } from '../../src/index.ts';
import { dropoutsOf } from '../../src/model/dropoutsOf.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register(); // Bidirectional clones its layer
});

const { dense, embedding, globalAveragePooling1d } = tf.layers;
const out = () => dense({ units: 1, name: 'out' });
const behind = (...layers: tf.layers.Layer[]) =>
  tf.sequential({ layers: [dense({ units: 4, inputShape: [3], name: 'first' }), ...layers, out()] });
const words = (...layers: tf.layers.Layer[]) => tf.sequential({ layers: [...layers, out()] });
const sequence: { inputShape: [number, number] } = { inputShape: [5, 2] };

const models: [string, RegExp, () => tf.LayersModel][] = [
  ['dropConnect', /drops weights/, () => behind(dropConnect(dense({ units: 4 }), { keepProb: 0.5, name: 'it' }))],
  ['concreteDropout', /rate is learned/, () => behind(concreteDropout({ initialRate: 0.5, name: 'it' }))],
  ['alphaDropout', /another number than 0/, () => behind(alphaDropout({ keepProb: 0.5, name: 'it' }))],
  ['gaussianDropout', /Gaussian/, () => behind(gaussianDropout({ keepProb: 0.5, name: 'it' }))],
  ['dropPath', /branches/, () => behind(dropPath({ keepProb: 0.5, name: 'it' }))],
  [
    'embeddingDropout',
    /rows of the embedding/,
    () =>
      words(
        embeddingDropout(embedding({ inputDim: 9, outputDim: 4 }), {
          keepProb: 0.5,
          name: 'it',
          batchInputShape: [null, 6],
        }),
        globalAveragePooling1d({}),
      ),
  ],
  [
    'wordDropout',
    /replaces words/,
    () =>
      words(
        wordDropout({ keepProb: 0.5, name: 'it', inputShape: [6] }),
        embedding({ inputDim: 9, outputDim: 4 }),
        globalAveragePooling1d({}),
      ),
  ],
  [
    'lstm of ours',
    /one mask for all time steps/,
    () => words(dropoutLSTM({ units: 4, keepProb: 1, recurrentKeepProb: 0.5, name: 'it', ...sequence })),
  ],
  [
    "TF.js' lstm",
    /one mask for all time steps/,
    () => words(tf.layers.lstm({ units: 4, recurrentDropout: 0.5, name: 'it', ...sequence })),
  ],
  ["TF.js' gaussianDropout", /Gaussian/, () => behind(tf.layers.gaussianDropout({ rate: 0.5, name: 'it' }))],
];

test.each(models)('%s', async (_, why, build) => {
  const model = build();
  const [found, ...others] = dropoutsOf(model);
  expect(others).toEqual([]);
  expect(found?.name).toBe('it');
  expect(found?.keepProb).toBeCloseTo(0.5, 6);

  const shape = (model.inputs[0] as tf.SymbolicTensor).shape.slice(1) as number[];
  const x = tf.ones([40, ...shape]);
  const l2 = await effectiveL2(model, { x, y: tf.ones([40, 1]) });
  expect(l2.sites).toEqual([]);
  expect(l2.warnings.join('\n')).toMatch(new RegExp(`not included: "it".*${why.source}`));

  const { unknown, parameters, dropouts } = showMask(model, 3, { seed: 1 });
  if (found?.mask) return expect(dropouts.map(({ name }) => name)).toEqual(['it']);
  expect(unknown.join()).toMatch(/"it"/);
  expect(parameters.trained).toBe(parameters.total);
});

test('of two keepProbs of a recurrent layer, each that drops is named', () => {
  const model = words(dropoutLSTM({ units: 4, keepProb: 0.8, recurrentKeepProb: 0.5, ...sequence }));
  expect(dropoutsOf(model).map(d => [d.className, d.keepProb])).toEqual([
    ['KeepprobLSTM.keepProb', 0.8],
    ['KeepprobLSTM.recurrentKeepProb', 0.5],
  ]);
});

test('concrete dropout is as strong as it has learned to be', () => {
  const layer = concreteDropout({ initialRate: 0.5, name: 'it' });
  const model = behind(layer);
  layer.setWeights([tf.tensor1d([Math.log(0.2 / 0.8)])]);
  expect(dropoutsOf(model)[0]?.keepProb).toBeCloseTo(0.8, 6);
});

test('with a fixed keepProb concrete dropout is plain dropout', async () => {
  const model = behind(concreteDropout({ fixedKeepProb: 0.5, name: 'it' }));
  const { sites, warnings } = await effectiveL2(model, { x: tf.ones([40, 3]), y: tf.ones([40, 1]) });
  expect(sites.map(({ name }) => name)).toEqual(['it']);
  expect(warnings).toEqual([]);
});

test('both halves of a Bidirectional layer have the name that its author gave', () => {
  const layer = dropoutLSTM({ units: 2, keepProb: 0.5 });
  const both = tf.layers.bidirectional({ layer, name: 'both', mergeMode: 'concat', ...sequence });
  expect(dropoutsOf(words(both)).map(d => d.name)).toEqual(['both', 'both']);
});
