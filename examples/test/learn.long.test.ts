/** Small runs of the questions that take digits or large networks. */
import { describe, expect, test } from 'vitest';
import { runActivations } from '../src/learn/paper/activations.ts';
import { runSamples } from '../src/learn/paper/samples.ts';
import { runSizes } from '../src/learn/paper/sizes.ts';
import { runCoverage } from '../src/learn/theory/coverage.ts';
import { runNorm } from '../src/learn/theory/norm.ts';
import { runPenalty } from '../src/learn/theory/penalty.ts';
import { clean } from './clean.ts';

const small = { seed: 1, test: 20, rows: 100 };

describe('runs', () => {
  test('of the sizes look at the test digits when they should', async () => {
    const job = { ...small, updates: [1, 3] };
    const [plain, dropout] = [
      await clean(() => runSizes({ ...job, dropped: false })),
      await clean(() => runSizes({ ...job, dropped: true })),
    ];
    expect([plain.errors.length, plain.losses.every(Number.isFinite)]).toEqual([2, true]);
    expect(dropout.losses).not.toEqual(plain.losses);
  });
  test('of the activations tell of each hidden layer', async () => {
    const job = { ...small, dropped: true, updates: 1 };
    const { layers: one } = await clean(() => runActivations({ ...job, net: 'autoencoder' }));
    const { layers: two } = await clean(() => runActivations({ ...job, net: 'classifier' }));
    expect([one, two].map(layers => layers.map(({ layer }) => layer))).toEqual([['hidden1'], ['hidden1', 'hidden2']]);
    for (const { unitMeans, zeros, sparsity } of [...one, ...two]) {
      expect(unitMeans.length).toBe(256);
      expect(zeros > 0 && zeros < 1 && sparsity > 0 && sparsity < 1).toBe(true);
    }
  });
  test('of the samples give an error for each number of masks', async () => {
    const { errors, scaling } = await clean(() => runSamples({ ...small, updates: 1, samples: [2, 3] }));
    expect([errors.length, scaling <= 100]).toEqual([2, true]);
  });
  test('of the norm compare matrix by matrix', async () => {
    const job = { rows: 100, seed: 1, updates: 1 };
    const { plain, dropout } = await clean(() => runNorm({ ...job, setting: 'softmax regression, Adam 10⁻³' }));
    expect(plain.map(({ layer }) => layer)).toEqual(['digit']);
    expect(dropout[0]?.squaredNorm).not.toBe(plain[0]?.squaredNorm);
  });
  test('of the penalty have theory and sample for each dropout and for all', async () => {
    const { sites } = await clean(() => runPenalty({ rows: 100, seed: 1, hidden: 6, updates: 1 }));
    expect(sites.map(({ name }) => name)).toEqual(['input', 'hidden1_dropout', 'hidden2_dropout', 'all together']);
  });
  test('of the intervals: with the noise of the data they hold more', async () => {
    const { samples, withNoise } = await clean(() => runCoverage({ split: 1, lambda: 1e-3, held: 40, updates: 3 }));
    expect(withNoise).toBeGreaterThan(samples);
  });
});
