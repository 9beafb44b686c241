/** Small networks that are trained with TF.js' own optimizers, the same on every backend. */
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { floats, sizeOf } from './numbers.ts';

export interface Network {
  /** One training step; its loss. */
  readonly step: () => number;
  readonly dispose: () => void;
}

/** A variable with numbers of this seed, of the usual size for so many inputs. */
function weight(shape: number[], inputs: number, seed: number): tf.Variable {
  const values = floats(sizeOf(shape), seed).map(v => v * Math.sqrt(3 / inputs));
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
}

function network(
  variables: tf.Variable[],
  x: tf.Tensor,
  classes: number,
  logits: (x: tf.Tensor, drop: (h: tf.Tensor) => tf.Tensor) => tf.Tensor,
): Network {
  const rows = x.shape[0]!;
  const labels = tf.oneHot(
    Array.from({ length: rows }, (_, i) => i % classes),
    classes,
  );
  const optimizer = tf.train.adam(0.01);
  let step = 0;
  return {
    step() {
      step++;
      const loss = optimizer.minimize(
        () => {
          const drop = (h: tf.Tensor): tf.Tensor => {
            const key = { seed: 11, step, site: 0, draw: 0 };
            return counterDropout(h, { keepProb: 0.75, noiseShape: h.shape, key, rows: [0, rows] });
          };
          return tf.losses.softmaxCrossEntropy(labels, logits(x, drop)) as tf.Scalar;
        },
        true,
        variables,
      );
      const [value] = loss!.dataSync();
      loss!.dispose();
      return value!;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose([x, labels, ...variables]);
    },
  };
}

/** 10 inputs, 24 rectified units with dropout, 4 classes; 16 rows. */
export function mlp(seed = 1): Network {
  const [w1, b1] = [weight([10, 24], 10, seed), weight([24], 10, seed + 1)];
  const [w2, b2] = [weight([24, 4], 24, seed + 2), weight([4], 24, seed + 3)];
  return network([w1, b1, w2, b2], tf.tensor(floats(160, seed + 4), [16, 10]), 4, (x, drop) => {
    const hidden = drop(tf.relu(tf.add(tf.matMul(x, w1), b1)));
    return tf.add(tf.matMul(hidden, w2), b2);
  });
}

/** Images of 9 × 8 × 2, two convolutions with pooling between, dropout, 3 classes; 6 rows. */
export function cnn(seed = 2): Network {
  const k1 = weight([3, 3, 2, 5], 18, seed) as tf.Variable<tf.Rank.R4>;
  const k2 = weight([2, 2, 5, 6], 20, seed + 1) as tf.Variable<tf.Rank.R4>;
  const [b1, w, b] = [weight([5], 18, seed + 2), weight([54, 3], 54, seed + 3), weight([3], 54, seed + 4)];
  return network([k1, k2, b1, w, b], tf.tensor(floats(6 * 144, seed + 5), [6, 9, 8, 2]), 3, (x, drop) => {
    const first = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, k1, 1, 'same'), b1)) as tf.Tensor4D;
    const pooled = drop(tf.maxPool(first, 2, 2, 'same')) as tf.Tensor4D;
    const second = tf.avgPool(tf.relu(tf.conv2d(pooled, k2, 1, 'valid')), [2, 1], 1, 'valid');
    return tf.add(tf.matMul(tf.reshape(second, [6, 54]), w), b);
  });
}
