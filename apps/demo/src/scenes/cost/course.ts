/** What this scene trains: one network twice, without and with dropout, and J at every iteration. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dataOf } from '../../stage/points.ts';
import { descent, hearing } from '../../stage/worker/descent.ts';
import { setKept, withDropout } from '../../stage/worker/dropout.ts';
import { answersOf, denseNetwork, rowsOf } from '../../stage/worker/network.ts';
import { plugin, steerLearningRate } from '../../stage/worker/plugins.ts';
import type { Course } from '../../stage/worker/race.ts';
import { keepProbsOf, points, type Settings } from './params.ts';
import { type Iteration, type Report, sizes } from './reports.ts';

/** Milliseconds between two reports. */
const reportEvery = 80;
/** Where TF.js cuts off an answer before its logarithm. */
const epsilon = 1e-7;

/** Mean binary cross-entropy. */
const crossEntropy = (answers: Float32Array, labels: readonly number[]): number =>
  labels.reduce((sum, label, i) => {
    const answer = Math.min(1 - epsilon, Math.max(epsilon, answers[i] ?? 0));
    return sum - Math.log(label ? answer : 1 - answer);
  }, 0) / labels.length;

export function costCourse(start: Settings, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const { train } = dataOf({ data: start.data, points, noise: 0, seed: start.seed });
  const rows = rowsOf(train);
  const network = (): LayersModel => denseNetwork(Object.values(sizes), 'sigmoid', start.seed);
  const models = { off: network(), on: withDropout(network(), keepProbsOf(start)) };

  const costs = { off: Number.NaN, on: Number.NaN };
  let clean = Number.NaN;
  const lookFirst = plugin('lookFirst', {
    batch(batch) {
      clean = crossEntropy(answersOf(models.on, rows.x), train.y);
      return batch;
    },
  });
  let waiting: Iteration[] = [];
  let last = -Infinity;
  const hear = hearing([costs], iteration => {
    waiting.push({ iteration, ...costs, clean });
    if (iteration < start.iterations && performance.now() - last < reportEvery) return;
    last = performance.now();
    report(waiting);
    waiting = [];
  });

  return {
    lanes: (['off', 'on'] as const).map(name => ({
      title: name === 'on' ? 'Network with dropout' : 'Network without dropout',
      model: models[name],
      plugins: [steerLearningRate(() => current.learningRate), name === 'on' && lookFirst],
      hear: hear(name),
    })),
    data: rows,
    ...descent({ ...start, points }, () => current.learningRate),
    change(next) {
      current = next;
      setKept(models.on, keepProbsOf(next));
    },
    dispose() {
      for (const model of Object.values(models)) model.dispose();
      tf.dispose([rows.x, rows.y]);
    },
  };
}
