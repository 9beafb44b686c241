/** Layers that others write are explained by their `noise` alone: nothing in this package knows them. */
import { option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import { staircase } from '@keepprob/core/schedules';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { effectiveL2, showMask } from '../../src/index.ts';
import { dropoutsOf } from '../../src/model/dropoutsOf.ts';
import { modelFacts } from '../../src/report/modelFacts.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Pairs {
  readonly gone: number | Schedule;
  readonly shared?: boolean;
}
/** Plain dropout under other names: each two neighbours share a draw, or the rows do. */
const plainInDisguise = defineLayer<Pairs>({
  name: 'plainInDisguise',
  className: 'TestPlainInDisguise',
  options: { gone: option.schedule({ min: 0, below: 1 }), shared: option.boolean({ fallback: false }) },
  noise: {
    gone: {
      ...{ strength: 'dropped', effect: 'multiplies', target: 'activations' },
      noiseShape: (_, { shared }) => [shared ? 1 : null, null],
    },
  },
  forward: (x, { gone, shared }, at) =>
    counterDropout(x, {
      keepProb: 1 - valueAt(gone, at),
      noiseShape: shared ? [1, x.shape[1] as number] : x.shape,
      key: at.key(),
      rows: shared ? [0, 0] : at.rows,
    }),
});

/** Adds a number between −by and by. */
const trembling = defineLayer<{ readonly by: number }>({
  name: 'trembling',
  className: 'TestTrembling',
  options: { by: option.number({ min: 0 }) },
  noise: { by: { strength: 'stddev', effect: 'adds', target: 'activations' } },
  forward: (x, { by }) => tf.add(x, by),
});

const swapping = defineLayer<{ readonly keep: number }>({
  name: 'swapping',
  className: 'TestSwapping',
  options: { keep: option.number({ above: 0, max: 1 }) },
  noise: { keep: { strength: 'kept', effect: 'replaces', target: 'activations', unlike: 'it swaps neighbours' } },
  forward: x => tf.reverse(x, 1),
});

const { dense } = tf.layers;
const behind = (...layers: tf.layers.Layer[]): tf.LayersModel =>
  tf.sequential({
    layers: [
      dense({ units: 6, activation: 'sigmoid', inputShape: [3], name: 'first' }),
      ...layers,
      dense({ units: 1, name: 'out' }),
    ],
  });
const data = () => ({ x: tf.ones([40, 3]), y: tf.zeros([40, 1]) });

test('plain dropout counts as dropout, with its theory', async () => {
  const model = behind(plainInDisguise({ gone: 0.5, name: 'it' }));
  const { sites, warnings } = await effectiveL2(model, data());
  expect(sites).toMatchObject([{ name: 'it', keepProb: 0.5, meets: ['out'] }]);
  expect(warnings).toEqual([]);
});

test('a schedule in the words of what is dropped', () => {
  const gone = staircase({ from: 0.5, factor: 0.5, every: 10 });
  const model = behind(plainInDisguise({ gone, name: 'it' }));
  expect([0, 10, 20].map(step => showMask(model, step, { seed: 1 }).dropouts[0]?.keepProb)).toEqual([0.5, 0.75, 0.875]);
  expect(modelFacts(model, []).layers[1]?.regularizers).toEqual(['keepProb as scheduled (staircase)']);
});

test.each([false, true])('the masks that it drew in a run are drawn again; shared by all rows: %s', async shared => {
  const layer = plainInDisguise({ gone: 0.5, shared, name: 'it' });
  const model = behind(layer);
  const drawn: number[][][] = [];
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const out = call(inputs, kwargs) as tf.Tensor2D;
    if (kwargs.training) drawn.push(out.arraySync().map(row => row.map(v => Number(v !== 0))));
    return out;
  };
  const run = await fit(model, data(), {
    ...{ loss: 'meanSquaredError', optimizer: 'sgd', epochs: 1, batchSize: 10, seed: 5, progress: false },
  });
  for (let step = 0; step < run.steps; step++) {
    const [shown] = showMask(model, step, { seed: run.seed, row: 3 }).dropouts;
    expect([...(shown?.kept ?? [])]).toEqual(drawn[step]?.[3]);
  }
});

test('a mask that all rows share is no L2, and that is said', async () => {
  const { sites, warnings } = await effectiveL2(
    behind(plainInDisguise({ gone: 0.5, shared: true, name: 'it' })),
    data(),
  );
  expect(sites).toEqual([]);
  expect(warnings.join()).toMatch(/"it".*one mask is shared by all rows/);
});

test('what is unlike dropout is named with the reason of its author', async () => {
  const model = behind(swapping({ keep: 0.5, name: 'it' }));
  const { sites, warnings } = await effectiveL2(model, data());
  expect(sites).toEqual([]);
  expect(warnings.join()).toMatch(/not included: "it" \(TestSwapping\): it swaps neighbours/);
  expect(showMask(model, 0, { seed: 1 }).unknown).toEqual(['"it" (TestSwapping): it swaps neighbours']);
});

test('noise without a keepProb is no dropout, and the report tells of it, in nested models too', () => {
  const nested = tf.sequential({ layers: [trembling({ by: 0.25, inputShape: [6] })] });
  const model = behind(nested);
  expect(dropoutsOf(model)).toEqual([]);
  expect(modelFacts(model, []).layers[1]?.regularizers).toEqual(['noise of deviation 0.25']);
});
