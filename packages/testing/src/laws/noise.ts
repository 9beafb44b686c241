/** A layer's description of its noise must be correct: other code turns it off, sets it and explains it by the description alone. */
import { noisesOf, type PlacedNoise, sizesOf, turnOff } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ConformanceError, ensure, same, thrown } from '../expect.ts';
import type { Law, LayerSubject } from '../subject.ts';
import { input, modelOf, say } from './layer.ts';

type Subject = LayerSubject<never>;

/** The current strengths, in words. */
const strengths = (model: LayersModel): string =>
  noisesOf(model)
    .map(({ noise }) => `${noise.option} ${JSON.stringify(noise.value)}`)
    .join(', ');

/** @throws ConformanceError if a strength cannot be turned off */
function off({ noise }: PlacedNoise): () => void {
  let restore = (): void => undefined;
  const error = thrown(() => {
    restore = turnOff(noise);
  });
  if (error) throw new ConformanceError(`its strength \`${noise.option}\` cannot be turned off: ${error.message}`);
  return restore;
}

const describes: Law<Subject> = {
  name: 'describes its noise: with that off, training is the same as inference',
  async check(subject) {
    const x = input(subject);
    const model = modelOf(subject);
    const noises = noisesOf(model);
    if (subject.random === false) {
      ensure(
        noises.every(({ noise }) => !noise.isOn),
        'it is not random, but describes noise',
      );
      return;
    }
    ensure(
      noises.some(({ noise }) => noise.isOn),
      'it does not describe its noise, so nothing can turn it off: give its definition a `noise`',
    );
    const before = strengths(model);
    const restores = noises.map(off);
    ensure(
      same(say(model, x, true), say(model, x, false)),
      `with ${strengths(model)} its output in training differs from that at inference`,
    );
    for (const restore of restores.reverse()) restore();
    ensure(strengths(model) === before, `turned on again, it has ${strengths(model)}; before, it had ${before}`);
  },
};

/** Shows which elements of an output depend on the input: those that a mask kept. */
const kept = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => Number(value !== b[i]));

const promises: Law<Subject> = {
  name: 'the mask that it promises is the one it draws',
  async check(subject) {
    const x = input(subject);
    const found = noisesOf(modelOf(subject));
    for (const { noise } of found) {
      if (!noise.noiseShape || typeof noise.value !== 'number' || noise.seed === null) continue;
      // a newly built layer draws the mask of step 0
      const seen = kept(say(modelOf(subject), x, true), say(modelOf(subject), tf.add(x, 1), true));
      const sizes = sizesOf(noise.noiseShape(x.shape), x.shape);
      const keepProb = noise.strength === 'dropped' ? 1 - noise.value : noise.value;
      const bits = keepBits(sizes, keepProb, { seed: noise.seed, step: 0, site: 0, draw: 0 }, [0, 0]);
      const promised = tf.broadcastTo(tf.tensor(bits, sizes, 'int32'), x.shape);
      ensure(
        same(seen, Array.from(promised.dataSync())),
        `its first draw is not keepBits([${sizes}], ${keepProb}, …), as \`noise.${noise.option}.noiseShape\` promises`,
      );
    }
  },
};

export const noiseLaws: readonly Law<Subject>[] = [describes, promises];
