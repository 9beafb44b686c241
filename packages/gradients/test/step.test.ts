/** Plugins around the whole step: accumulation and sharpness-aware minimization. */

import { DataError, definePlugin, PluginError } from '@keepprob/core';
import { cuts } from '@keepprob/core/driver';
import { dropout } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import { type FitOptions, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { accumulate, ascent, clipGlobalNorm, sam } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const model = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'relu', inputShape: [5], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.5 }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
const rows = 22;
const x = () => tf.randomNormal([rows, 5], 0, 1, 'float32', 3);
const y = () =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % 3),
      'int32',
    ),
    3,
  );

async function train(plugins: FitOptions['plugins'] & object, net = model()) {
  const data = { x: x(), y: y(), sampleWeight: tf.linspace(0.5, 2, rows) };
  const run = await fit(net, data, {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.01),
    epochs: 3,
    batchSize: 8,
    seed: 4,
    metrics: ['accuracy'],
    progress: false,
    plugins,
  });
  tf.dispose(data);
  return { run, weights: net.getWeights().flatMap(w => [...w.dataSync()]) };
}
const farthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));

describe('accumulate', () => {
  const others = () => [l2(1e-3), clipGlobalNorm(0.1), maxNorm(2)];
  let whole: Awaited<ReturnType<typeof train>>;
  let unclipped: typeof whole;
  beforeAll(async () => {
    whole = await train(others());
    unclipped = await train([l2(1e-3), maxNorm(2)]);
  });

  test.each([1, 2, 3, 8, 100])(
    '%i parts: the weights, masks and logs of the whole batch, up to rounding',
    async parts => {
      const cut = await train([accumulate(parts), ...others()]);
      expect(farthest(whole.weights, cut.weights)).toBeLessThan(2e-5);
      for (const name of ['loss', 'penalty', 'cost', 'accuracy', 'cleanLoss']) {
        expect(farthest(whole.run.history[name]!, cut.run.history[name]!), name).toBeLessThan(1e-5);
      }
      // clipping acts on the sum: on each part it would do something else
      expect(farthest(cut.weights, unclipped.weights)).toBeGreaterThan(1e-3);
    },
  );

  describe('where masks of time steps reach the loss', () => {
    const outputOf = (input: tf.SymbolicTensor, name: string) =>
      tf.layers.dense({ units: 1, name, kernelInitializer: seeded(6) }).apply(input) as tf.SymbolicTensor;
    const tagger = (outputs: number) => {
      const input = tf.input({ shape: [4], dtype: 'int32' });
      const words = tf.layers
        .embedding({ inputDim: 9, outputDim: 3, maskZero: true, embeddingsInitializer: seeded(5) })
        .apply(input) as tf.SymbolicTensor;
      return tf.model({
        inputs: input,
        outputs: Array.from({ length: outputs }, (_, i) => outputOf(words, `tags${i}`)),
      });
    };
    // rows of 1, 2, 3, 4, 0, 0 words, …: two rows together count from 0 to 7 steps
    const sentences = Array.from({ length: 13 }, (_, row) =>
      Array.from({ length: 4 }, (_, step) => (step < [1, 2, 3, 4, 0, 0, 1][row % 7]! ? 1 + ((row + step) % 8) : 0)),
    );
    const tags = sentences.map(words => words.map(word => [word / 4]));
    const fitted = async (plugins: FitOptions['plugins'] & object, outputs = 1) => {
      const net = tagger(outputs);
      const y = outputs > 1 ? Object.fromEntries(net.outputNames.map(name => [name, tags])) : tags;
      const { history } = await fit(
        net,
        { x: sentences, y },
        {
          loss: 'meanSquaredError',
          metrics: ['mae'],
          optimizer: tf.train.sgd(0.2),
          epochs: 2,
          batchSize: 7,
          progress: false,
          seed: 1,
          plugins,
        },
      );
      return { history, weights: net.getWeights().flatMap(w => [...w.dataSync()]) };
    };

    test.each([2, 3, 7])('%i parts: each step counts once, in whichever part it is', async parts => {
      const [whole, cut] = [await fitted([l2(0.1)]), await fitted([accumulate(parts), l2(0.1)])];
      expect(farthest(whole.weights, cut.weights)).toBeLessThan(1e-6);
      for (const name of ['loss', 'penalty', 'cost', 'mae']) {
        expect(farthest(whole.history[name]!, cut.history[name]!), name).toBeLessThan(1e-6);
      }
    });

    test('parts in parts, too', async () => {
      const [whole, cut] = [await fitted([]), await fitted([accumulate(3), accumulate(2)])];
      expect(farthest(whole.weights, cut.weights)).toBeLessThan(1e-6);
    });

    test('of several outputs, nothing is trained, and the error says why', async () => {
      await expect(fitted([accumulate(2)], 2)).rejects.toThrow(
        "accumulate: masks of time steps reach the losses of this model's 2 outputs",
      );
    });
  });

  test('the parts cover every row once and none is empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 400 }), (n, parts) => {
        const all = cuts(n, parts);
        expect(all.length).toBe(Math.min(n, parts));
        expect(all[0]![0]).toBe(0);
        expect(all.at(-1)![1]).toBe(n);
        for (const [i, [from, to]] of all.entries()) {
          expect(to).toBeGreaterThan(from);
          if (i) expect(from).toBe(all[i - 1]![1]);
        }
      }),
    );
  });

  test('only the activations of one part are held at a time', async () => {
    const wide = () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 2000, inputShape: [5], activation: 'relu' }),
          tf.layers.dense({ units: 3, activation: 'softmax' }),
        ],
      });
    const peak = async (plugins: Parameters<typeof train>[0]) => {
      let most = 0;
      const watch = definePlugin<object>({
        name: 'watch',
        options: {},
        setup: () => ({
          loss(loss) {
            most = Math.max(most, tf.memory().numBytes);
            return loss;
          },
        }),
      });
      const net = wide();
      const before = tf.memory().numBytes;
      await train([...plugins, watch()], net);
      net.dispose();
      return most - before;
    };
    // a part of 2 rows holds a quarter of the activations of 8
    expect(await peak([accumulate(4)])).toBeLessThan((await peak([])) - 2000 * 4 * 4);
  });
});

describe('sam', () => {
  test('ascent by hand: ρ g / ‖g‖ over all weights, (3, 4) → ρ (.6, .8); adaptive: ρ w² g / ‖w g‖', () => {
    const weights = [
      { w: tf.tensor1d([2]), gradient: tf.tensor1d([3]) },
      { w: tf.tensor1d([-1]), gradient: tf.tensor1d([4]) },
    ];
    const values = (adaptive: boolean) => ascent(weights, 0.1, adaptive).map(t => t.dataSync()[0]!);
    expect(farthest(values(false), [0.06, 0.08])).toBeLessThan(1e-7);
    // |w| g = (6, 4), norm √52; w² g = (12, 4)
    expect(farthest(values(true), [1.2 / Math.sqrt(52), 0.4 / Math.sqrt(52)])).toBeLessThan(1e-7);
    const zero = [{ w: tf.tensor1d([1]), gradient: tf.tensor1d([0]) }];
    expect(ascent(zero, 0.1, false)[0]!.dataSync()[0]).toBe(0);
  });

  test('one step of SGD on ½ Σ a w²: the gradient is a (w + ρ a w / ‖a w‖)', async () => {
    const [a, w, rho, rate] = [[1, 10], [0.3, -0.2], 0.5, 0.1];
    const layer = tf.layers.dense({
      units: 1,
      inputShape: [2],
      useBias: false,
      weights: [tf.tensor2d(w, [2, 1])],
      name: 'w',
    });
    const net = tf.sequential({ layers: [layer] });
    await fit(
      net,
      { x: [[1, 1]], y: [[0]] },
      {
        loss: () =>
          tf.mul(0.5, tf.sum(tf.mul(tf.tensor2d(a, [2, 1]), tf.square(layer.weights[0]!.read() as tf.Tensor)), 0)),
        optimizer: tf.train.sgd(rate),
        progress: false,
        plugins: [sam(rho)],
      },
    );
    const g = a.map((k, i) => k * w[i]!);
    const norm = Math.hypot(...g);
    const expected = w.map((v, i) => v - rate * a[i]! * (v + (rho * g[i]!) / norm));
    expect(farthest([...net.getWeights()[0]!.dataSync()], expected)).toBeLessThan(1e-6);
  });

  test('ρ = 0 is plain training, to the bit: the second pass draws the masks of the first', async () => {
    expect((await train([sam(0)])).weights).toEqual((await train([])).weights);
    expect((await train([sam(0.1)])).weights).not.toEqual((await train([])).weights);
  });

  test('an error in the second pass leaves the weights as they were, no tensor behind, and is not put down to sam', async () => {
    const net = model();
    const before = net.getWeights().flatMap(w => [...w.dataSync()]);
    let calls = 0;
    const failing = (yTrue: tf.Tensor, yPred: tf.Tensor) => {
      if (++calls === 2) throw new DataError('no');
      return tf.metrics.categoricalCrossentropy(yTrue, yPred);
    };
    const data = { x: x(), y: y() };
    const tensors = tf.memory().numTensors;
    const options = { loss: failing, optimizer: 'sgd', progress: false, plugins: [sam(0.1)] } as const;
    await expect(fit(net, data, options)).rejects.toThrow(DataError);
    expect(net.getWeights().flatMap(w => [...w.dataSync()])).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('with accumulation inside, the whole batch is looked at twice', async () => {
    const [whole, cut] = [await train([sam(0.1)]), await train([sam(0.1), accumulate(3)])];
    expect(farthest(whole.weights, cut.weights)).toBeLessThan(2e-5);
  });

  test('a step that fails in a plugin names the plugin', async () => {
    const broken = definePlugin<object>({
      name: 'broken',
      options: {},
      setup: () => ({
        step() {
          throw new Error('why');
        },
      }),
    });
    await expect(train([sam(0.1), broken()])).rejects.toThrow(/plugin "broken", hook step: why/);
    await expect(train([broken()])).rejects.toThrow(PluginError);
  });
});
