/** A row of weight 0, such as padding, does not matter: whatever is in it, what becomes of the others is the same. */
import type { Batch, TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { cutmix, mixup } from '../../src/index.ts';
import { mixRows, mixWeights } from '../../src/mixing/weights.ts';
import { changed, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ROWS = 12;
/** Images, classes and values; rows that `counts` leaves out hold `garbage`. */
function batchOf(counts: readonly boolean[], garbage: number): Batch {
  const fill = (t: tf.Tensor): tf.Tensor => {
    const kept = tf.cast(tf.tensor(counts.map(Number), [ROWS, ...t.shape.slice(1).fill(1)]), 'bool');
    return tf.where(kept, t, tf.fill(t.shape, garbage));
  };
  const weights = tf.tensor1d(counts.map((counted, i) => (counted ? 1 + (i % 3) : 0)));
  return {
    x: { image: fill(tf.randomUniform([ROWS, 4, 4, 1], 0, 1, 'float32', 1)) },
    y: {
      kind: fill(tf.randomUniform([ROWS, 3], 0, 1, 'float32', 2)),
      map: fill(tf.randomUniform([ROWS, 4, 4, 2], 0, 1, 'float32', 3)),
      steps: fill(tf.randomUniform([ROWS, 5, 2], 0, 1, 'float32', 4)),
    },
    sampleWeight: { kind: weights, map: weights, steps: tf.tile(tf.reshape(weights, [ROWS, 1]), [1, 5]) },
  };
}
const plugins: Readonly<Record<string, TrainingPlugin>> = { mixup: mixup(0.5), cutmix: cutmix(1) };
const all = ({ x, y, sampleWeight = {} }: Batch): tf.Tensor[] =>
  [x, y, sampleWeight].flatMap(tensors => Object.values(tensors));

describe.each(Object.entries(plugins))('%s', (_, plugin) => {
  test('rows without weight: whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: ROWS, maxLength: ROWS }), counts => {
        tf.tidy(() => {
          const [one, other] = [5, -7].map(garbage => all(changed(plugin, batchOf(counts, garbage)))) as [
            tf.Tensor[],
            tf.Tensor[],
          ];
          for (const [i, counted] of counts.entries()) {
            if (counted)
              expect(one.map(t => values(t.slice([i], [1])))).toEqual(other.map(t => values(t.slice([i], [1]))));
          }
          const { kind } = changed(plugin, batchOf(counts, 5)).sampleWeight!;
          expect(values(kind).map(w => w > 0)).toEqual(counts);
        });
      }),
      { numRuns: 20 },
    );
  });

  test('a weight of 0 in one output: its label there, images included', () => {
    tf.tidy(() => {
      const whole = batchOf(new Array<boolean>(ROWS).fill(true), 0);
      const only = (name: string, garbage: number): Batch => {
        const zero = tf.tensor1d(Array.from({ length: ROWS }, (_, i) => (i % 4 === 1 ? 0 : 2)));
        const bad = tf.cast(tf.sub(1, tf.step(zero)), 'bool');
        const y = whole.y[name]!;
        const mask = tf.reshape(bad, [ROWS, ...y.shape.slice(1).fill(1)]);
        const label = tf.where(mask, tf.fill(y.shape, garbage), y);
        return {
          ...whole,
          y: { ...whole.y, [name]: label },
          sampleWeight: { ...whole.sampleWeight, [name]: zero },
        };
      };
      for (const name of ['kind', 'map']) {
        const [one, other] = [5, -7].map(garbage => changed(plugin, only(name, garbage)));
        const weight = one!.sampleWeight![name]!;
        const seen = ({ y }: Batch) =>
          values(tf.mul(y[name]!, tf.reshape(weight, [ROWS, ...y[name]!.shape.slice(1).fill(1)])));
        expect(seen(one!).map(v => v + 0)).toEqual(seen(other!).map(v => v + 0));
      }
    });
  });
});

test('weight · ℓ(label) of the mix is λ w ℓ(y) + (1 − λ) wₚ ℓ(yₚ) for a loss that is linear in the label', () => {
  const number = fc.double({ min: 0, max: 4, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), number, number, (lambda, w0, w1) => {
      tf.tidy(() => {
        const [own, partner] = [tf.tensor1d([lambda, 1]), tf.tensor1d([1, 0], 'int32')];
        const { weight, share } = mixWeights(tf.tensor1d([w0, w1]), own, partner);
        const [label] = values(mixRows(tf.tensor2d([[3], [8]]), share, partner));
        expect(values(weight)[0]! * label!).toBeCloseTo(lambda * w0 * 3 + (1 - lambda) * w1 * 8, 3);
      });
    }),
  );
});
