/** One training step of an MLP through `trainOnBatch`, with stock layers and regularizers or with ours. */
import { attach } from '@keepprob/core/stock';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';

export interface Size {
  readonly batch: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}
export interface With {
  readonly dropout: boolean;
  readonly l2: boolean;
}

const LAMBDA = 1e-4;

/** A step on fixed data; `dispose` lets go of model and data. */
export function step(
  kind: 'ours' | 'stock',
  size: Size,
  what: With,
): { run: () => Promise<void>; dispose: () => void } {
  const regularizer = kind === 'stock' && what.l2 ? { kernelRegularizer: tf.regularizers.l2({ l2: LAMBDA }) } : {};
  const drop = (): tf.layers.Layer[] =>
    what.dropout ? [kind === 'stock' ? tf.layers.dropout({ rate: 0.5 }) : dropout({ keepProb: 0.5 })] : [];
  const hidden = (more: object = {}): tf.layers.Layer =>
    tf.layers.dense({ units: size.hidden, activation: 'relu', ...regularizer, ...more });
  const model = tf.sequential({
    layers: [
      hidden({ inputShape: [size.inputs] }),
      ...drop(),
      hidden(),
      ...drop(),
      tf.layers.dense({ units: size.outputs, activation: 'softmax', ...regularizer }),
    ],
  });
  const momentum = tf.train.momentum(0.01, 0.9);
  const optimizer = kind === 'ours' ? attach(model, momentum, what.l2 && l2(LAMBDA)).optimizer : momentum;
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const x = tf.randomUniform([size.batch, size.inputs]);
  const y = tf.oneHot(tf.randomUniform([size.batch], 0, size.outputs, 'int32'), size.outputs);
  return {
    run: async () => {
      await model.trainOnBatch(x, y);
    },
    dispose: () => {
      model.dispose();
      momentum.dispose();
      tf.dispose([x, y]);
    },
  };
}
