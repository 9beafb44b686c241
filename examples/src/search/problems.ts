/** The lecture's network on planted rows, and a network on a thousand digits of MNIST. */
import { mnist } from '@keepprob/datasets';
import { keepProb, keepProbSpace } from '@keepprob/search';
import * as tf from '@tensorflow/tfjs';
import type { Part, Problem, TrialModule } from './walk.ts';

const moduleAt = async (name: string): Promise<TrialModule> =>
  await import(new URL(`../../search/${name}.js`, import.meta.url).href);

export const lectureModule = (): Promise<TrialModule> => moduleAt('lecture');

/** As the page draws them: inside or outside of a sphere, and one row in ten says the opposite. */
export function planted(rows: number, seed: number): Part {
  return tf.tidy(() => {
    const x = tf.randomNormal([rows, 3], 0, 1, 'float32', seed);
    const inside = tf.sum(tf.square(x), 1, true).less(2.4);
    const wrong = tf.randomUniform([rows, 1], 0, 1, 'float32', seed + 1).less(0.1);
    const y = tf.logicalXor(inside, wrong);
    return {
      x: { data: x.dataSync<'float32'>(), shape: x.shape },
      y: { data: Float32Array.from(y.dataSync()), shape: y.shape },
    };
  });
}

async function lecture(draw: number): Promise<Problem> {
  return {
    module: await lectureModule(),
    data: planted(200, draw),
    test: planted(20_000, 1000 + draw),
    spaces: {
      'one for hidden 1 to 3': network => keepProbSpace(network, ['hidden1', 'hidden2', 'hidden3']),
      'one for each': network => keepProbSpace(network, { input: keepProb(0.7, 1) }),
    },
    trials: 12,
    seed: draw,
  };
}

async function digits(draw: number): Promise<Problem> {
  const { train, test } = await mnist({ train: 1000, test: 10_000, seed: draw });
  return {
    ...{ module: await moduleAt('mnist'), data: train, test },
    spaces: {
      'one for hidden 1 and 2': network => keepProbSpace(network, ['hidden1', 'hidden2']),
      'one for each': network => keepProbSpace(network, { input: keepProb(0.7, 1) }),
    },
    trials: 12,
    seed: draw,
  };
}

/** By the names of the page's parts; a draw is a number for the rows and for the search. */
export const problems: Readonly<Record<'lecture' | 'mnist', (draw: number) => Promise<Problem>>> = {
  lecture,
  mnist: digits,
};
