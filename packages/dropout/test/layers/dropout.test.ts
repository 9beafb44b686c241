import { OptionError } from '@keepprob/core';
import { keepScale, mask } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DropoutOptions, dropout, register } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const ones = (shape: number[], layer: tf.layers.Layer): number[] => [
  ...(layer.apply(tf.ones(shape), { training: true }) as tf.Tensor).dataSync(),
];

describe('the layer', () => {
  test('keeps or drops, and divides what it keeps by keepProb', () => {
    const values = ones([100], dropout({ keepProb: 0.7, seed: 1 }));
    expect(new Set(values)).toEqual(new Set([0, keepScale(0.7)]));
    expect(values).toEqual([...mask([100], 0.7, { seed: 1, step: 0, site: 0, draw: 0 }).dataSync()]);
  });

  test('is the identity at inference', () => {
    const x = tf.randomNormal([5, 4]);
    const y = dropout({ keepProb: 0.5 }).apply(x) as tf.Tensor;
    expect([...y.dataSync()]).toEqual([...x.dataSync()]);
  });

  test('draws a fresh mask at every step, and the same ones after reset', () => {
    const layer = dropout({ keepProb: 0.5, seed: 1 });
    const first = [0, 1, 2].map(() => ones([64], layer).join());
    expect(new Set(first).size).toBe(3);
    layer.reset();
    expect([0, 1, 2].map(() => ones([64], layer).join())).toEqual(first);
  });

  test('stock: a seeded dropout repeats one mask for ever', () => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 1 });
    expect(ones([64], layer)).toEqual(ones([64], layer));
  });

  test('stock: a rate of 1 or more is silently the identity; here it is an error', () => {
    expect(ones([3], tf.layers.dropout({ rate: 1.5 }))).toEqual([1, 1, 1]);
    expect(() => dropout({ rate: 1.5 })).toThrow(OptionError);
  });

  test('two layers with one seed differ; the same model twice does not', () => {
    const build = () =>
      tf.sequential({
        layers: [dropout({ keepProb: 0.5, seed: 3, inputShape: [64] }), dropout({ keepProb: 0.5, seed: 3 })],
      });
    const run = (model: tf.LayersModel) => [
      ...(model.apply(tf.ones([1, 64]), { training: true }) as tf.Tensor).dataSync(),
    ];
    const y = run(build());
    expect(run(build())).toEqual(y);
    expect(y.filter(v => v === 4).length).toBeLessThan(32); // equal masks would keep half at 4
    expect(y.filter(v => v === 4).length).toBeGreaterThan(4);
  });

  test('noiseShape shares a draw along its axes of 1, null follows the input', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('one', 'null', 'size')), {
          minLength: 1,
          maxLength: 4,
        }),
        axes => {
          const shape = axes.map(([n]) => n);
          const noiseShape = axes.map(([n, kind]) => (kind === 'one' ? 1 : kind === 'null' ? null : n));
          const layer = dropout({ keepProb: 0.5, seed: 5, noiseShape });
          const y = layer.apply(tf.ones(shape), { training: true }) as tf.Tensor;
          const noise = mask(
            noiseShape.map((n, i) => n ?? shape[i]!),
            0.5,
            { seed: 5, step: 0, site: 0, draw: 0 },
            [0, shape[0]!],
          );
          expect([...y.dataSync()]).toEqual([...tf.broadcastTo(noise, shape).dataSync()]);
        },
      ),
    );
  });

  test('a schedule of keepProb follows the step', () => {
    const layer = dropout({ keepProb: linear({ from: 1, to: 0.5, steps: 2 }), seed: 1 });
    expect(new Set(ones([64], layer))).toEqual(new Set([1]));
    expect(Math.max(...ones([64], layer))).toBeCloseTo(1 / 0.75, 5);
    expect(Math.max(...ones([64], layer))).toBe(2);
  });

  test('a saved model keeps keepProb, noiseShape, seed and schedules, and draws the same masks', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3] }),
        dropout({ rate: 0.25, noiseShape: [null, 1], seed: 9 }),
        dropout({ keepProb: linear({ from: 1, to: 0.5, steps: 5 }) }),
      ],
    });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async a => {
        artifacts = a;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(JSON.parse(JSON.stringify(artifacts)) && artifacts!));
    const options = (m: tf.LayersModel) => m.layers.slice(1).map(l => (l as ReturnType<typeof dropout>).options);
    expect(options(loaded)).toEqual(options(model));
    expect(options(model)[0]).toEqual({ keepProb: 0.75, noiseShape: [null, 1], seed: 9 });
    const x = tf.ones([2, 3]);
    expect([...(loaded.apply(x) as tf.Tensor).dataSync()]).toEqual([...(model.apply(x) as tf.Tensor).dataSync()]);
  });

  test.each<[unknown, RegExp]>([
    [0.5, /bare number/],
    [{}, /keepProb.*rate/],
    [{ keepProb: 0.5, rate: 0.5 }, /exactly one/],
    [{ keepProb: 0 }, /Received: 0/],
    [{ keepProb: 1.01 }, /Received: 1.01/],
    [{ keepProb: Number.NaN }, /NaN/],
    [{ keepProb: '0.5' }, /"0.5"/],
    [{ rate: 1 }, /rate.*Received: 1/],
    [{ rate: -0.1 }, /rate/],
    [{ keepprob: 0.5 }, /Did you mean `keepProb`/],
    [{ keepProb: 0.5, noiseShape: [0] }, /noiseShape/],
    [{ keepProb: 0.5, seed: -1 }, /seed/],
    [{ keepProb: 0.5, seed: 1.5 }, /seed/],
  ])('%j is refused', (options, message) => {
    expect(() => dropout(options as DropoutOptions)).toThrow(OptionError);
    expect(() => dropout(options as DropoutOptions)).toThrow(message);
  });

  test('a noiseShape that does not fit the input is refused when the layer is built', () => {
    expect(() =>
      tf.sequential({ layers: [dropout({ keepProb: 0.5, noiseShape: [null, 3], inputShape: [4] })] }),
    ).toThrow(/noiseShape/);
  });
});

describe('expectation over all masks, through the real layer', () => {
  // With 16-bit draws every pattern of n elements appears; average each distinct one once, weighted by its probability
  const enumerate = (n: number, keepProb: number, f: (dropped: (x: tf.Tensor) => tf.Tensor) => number): number => {
    const seen = new Map<string, number>();
    for (let seed = 0; seen.size < 2 ** n; seed++) {
      const layer = dropout({ keepProb, seed });
      const key = ones([n], layer)
        .map(v => (v ? 1 : 0))
        .join('');
      if (seen.has(key)) continue;
      layer.reset();
      seen.set(
        key,
        f(x => layer.apply(x, { training: true }) as tf.Tensor),
      );
    }
    let mean = 0;
    for (const [key, value] of seen) {
      const kept = [...key].filter(b => b === '1').length;
      mean += value * keepProb ** kept * (1 - keepProb) ** (n - kept);
    }
    return mean;
  };

  test('linear regression: E‖y − X̃w‖² = ‖y − Xw‖² + (q/p) Σ w² x² = 17.5', () => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const y = tf.tensor1d([1, 2, 3]);
    const w = tf.tensor2d([[0.3], [-0.2]]);
    const mean = enumerate(
      6,
      0.5,
      drop =>
        tf
          .sum(tf.square(tf.sub(y, tf.squeeze(tf.matMul(tf.reshape(drop(tf.reshape(x, [6])), [3, 2]), w)))))
          .dataSync()[0]!,
    );
    expect(mean).toBeCloseTo(17.5, 4);
  });

  test('the variance of a dropped linear unit is (q/p) Σ w² x² = 2.0625', () => {
    const terms = tf.mul(tf.tensor1d([0.5, -1, 2]), tf.tensor1d([1, 2, -1])); // w x
    const keepProb = 0.8;
    const moment = (power: number): number =>
      enumerate(3, keepProb, drop => tf.sum(drop(terms)).dataSync()[0]! ** power);
    const scale = keepScale(keepProb) * keepProb; // 16-bit keepProb: 1 to 1e-5
    expect(moment(2) - moment(1) ** 2).toBeCloseTo(2.0625 * scale ** 2, 3);
  });
});

describe('in stock fit', () => {
  const data = () => ({
    x: tf.randomNormal([32, 6], 0, 1, 'float32', 1),
    y: tf.randomNormal([32, 1], 0, 1, 'float32', 2),
  });
  const train = async (seed: number): Promise<number[]> => {
    const dense = (units: number, s: number, more = {}) =>
      tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed: s }), ...more });
    const model = tf.sequential({
      layers: [dense(8, 1, { inputShape: [6] }), dropout({ keepProb: 0.5 }), dense(1, 2)],
    });
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed }, l2(1e-3));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const { x, y } = data();
    await model.fit(x, y, { epochs: 2, batchSize: 8, shuffle: false, verbose: 0 });
    return model.getWeights().flatMap(w => [...w.dataSync()]);
  };
  test('the same run again from the same seed, another from another', async () => {
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });
});
