/** Gradient descent as the scenes with points do it: every iteration looks at all points, and is an epoch of fit(). */
import * as tf from '@tensorflow/tfjs-core';
import type { Course, Lane } from './race.ts';

/** @param learningRate of this moment */
export const descent = (
  { iterations, points, seed }: Readonly<Record<'iterations' | 'points' | 'seed', number>>,
  learningRate: () => number,
): Pick<Course<never>, 'optimizer' | 'options'> => ({
  optimizer: () => tf.train.sgd(learningRate()),
  options: {
    loss: 'binaryCrossentropy',
    epochs: iterations,
    batchSize: points,
    shuffle: false,
    seed,
    trainEvaluation: false,
  },
});

/**
 * Hears every lane: puts J of its iteration into `costs`, and calls when the last of them has come as far. None has gone on then, since a race takes every step
 * together.
 * @param costs by seed
 */
export function hearing<N extends string>(
  costs: readonly Record<N, number>[],
  all: (iteration: number) => void | Promise<void>,
): (name: N, seed?: number) => Lane['hear'] {
  const lanes = costs.flatMap(own => Object.keys(own)).length;
  let arrived = 0;
  return (name, seed = 0) =>
    ({ type, step, logs }) => {
      if (type !== 'step') return undefined;
      const own = costs[seed];
      if (own) own[name] = logs.cost ?? Number.NaN;
      return ++arrived % lanes === 0 ? all(step) : undefined;
    };
}

const lookEvery = 20;

/** Whether the page looks at this iteration: the first, the last, and every so many. */
export const isLookedAt = (iteration: number, iterations: number): boolean =>
  iteration === 1 || iteration % lookEvery === 0 || iteration === iterations;
