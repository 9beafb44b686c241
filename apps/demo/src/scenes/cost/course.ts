/** What this scene trains: one network twice, without and with dropout, and J at every iteration. */
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dataOf } from '../../stage/points.ts';
import { answersOf, denseNetwork, disposeModels, gathering, rowsOf } from '../../stage/worker/network.ts';
import { plugin, steerLearningRate } from '../../stage/worker/plugins.ts';
import type { Course } from '../../stage/worker/race.ts';
import { keptOf, points, type Settings } from './params.ts';
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
  // inserted below 1, so that dropout can be turned on later
  const [off, on] = [network(), keepProbs(network(), ['hidden1', 'hidden2'], 0.5)];
  const setKept = (): void => {
    const keepProb = keptOf(current);
    setKeepProb(on, { hidden1_dropout: keepProb, hidden2_dropout: keepProb });
  };
  setKept();

  const costs = { off: Number.NaN, on: Number.NaN, clean: Number.NaN };
  const lookFirst = plugin('lookFirst', {
    batch(batch) {
      costs.clean = crossEntropy(answersOf(on, rows.x), train.y);
      return batch;
    },
  });
  let waiting: Iteration[] = [];
  let last = -Infinity;
  let iteration = 0;
  const arrive = gathering(2, () => {
    waiting.push({ iteration, ...costs });
    if (iteration < start.iterations && performance.now() - last < reportEvery) return;
    last = performance.now();
    report(waiting);
    waiting = [];
  });

  return {
    lanes: (['off', 'on'] as const).map(name => ({
      model: name === 'off' ? off : on,
      plugins: [steerLearningRate(() => current.learningRate), name === 'on' && lookFirst],
      hear: ({ type, step, logs }) => {
        if (type !== 'step') return;
        iteration = step;
        costs[name] = logs.cost ?? Number.NaN;
        arrive();
      },
    })),
    data: rows,
    optimizer: () => tf.train.sgd(current.learningRate),
    options: {
      loss: 'binaryCrossentropy',
      epochs: start.iterations,
      batchSize: points,
      shuffle: false,
      seed: start.seed,
      trainEvaluation: false,
    },
    change(next) {
      current = next;
      setKept();
    },
    dispose() {
      disposeModels([off, on]);
      tf.dispose([rows.x, rows.y]);
    },
  };
}
