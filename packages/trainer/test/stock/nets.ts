/** Small nets of stock TensorFlow.js: x is 1, y is 0, two rows. */
import * as tf from '@tensorflow/tfjs';

type DenseArgs = NonNullable<Parameters<typeof tf.layers.dense>[0]>;
type CellArgs = NonNullable<Parameters<typeof tf.layers.lstm>[0]>;

export const ones = (): tf.Tensor => tf.ones([2, 1]);

/** y = w x, or a product of several such. */
export const dense = (...layers: Partial<DenseArgs>[]): tf.Sequential =>
  tf.sequential({
    layers: (layers.length > 0 ? layers : [{}]).map((args, i) =>
      tf.layers.dense({ units: 1, useBias: false, ...(i === 0 && { inputShape: [1] }), ...args }),
    ),
  });

export const recurrent = (name: 'lstm' | 'gru', args: Partial<CellArgs>): tf.LayersModel =>
  tf.sequential({ layers: [tf.layers[name]({ units: 1, inputShape: [1, 1], ...args })] });

/** All numbers of its weights, in order. */
export const weightsOf = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);

interface Fitted extends tf.ModelFitArgs {
  readonly x?: tf.Tensor;
  readonly y?: tf.Tensor;
  readonly optimizer?: tf.Optimizer;
  readonly loss?: string | ((y: tf.Tensor, predicted: tf.Tensor) => tf.Tensor);
}

/** The logs of one epoch, unless more are asked for. */
export async function fitted(model: tf.LayersModel, args: Fitted = {}): Promise<tf.History['history']> {
  const { x = ones(), y = tf.zeros([2, 1]), optimizer = tf.train.sgd(0), loss = 'meanSquaredError', ...rest } = args;
  model.compile({ optimizer, loss });
  const { history } = await model.fit(x, y, { epochs: 1, batchSize: 2, shuffle: false, verbose: 0, ...rest });
  return history;
}

/** What fit adds to a loss of 0: the penalties alone. */
export async function penaltyOf(model: tf.LayersModel): Promise<number | undefined> {
  const x = tf.ones([2, ...(model.inputs[0]?.shape.slice(1) ?? [])].map(Number));
  const history = await fitted(model, { x, loss: (_, y) => tf.mean(tf.mul(y, 0)) });
  return Number(history.loss?.[0]);
}

/** Saved and loaded, in memory. */
export async function reloaded(model: tf.LayersModel, includeOptimizer: boolean): Promise<tf.LayersModel> {
  const saved: tf.io.ModelArtifacts[] = [];
  const handler = tf.io.withSaveHandler(async artifacts => {
    saved.push(artifacts);
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler, { includeOptimizer });
  return tf.loadLayersModel(tf.io.fromMemory(saved[0] ?? {}));
}

/** Where a weight is after each update with the gradient 1. */
export function updates(optimizer: tf.Optimizer, count: number): number[] {
  const weight = tf.variable(tf.scalar(0));
  return Array.from({ length: count }, () => {
    optimizer.minimize(() => weight.asScalar());
    return weight.dataSync()[0] ?? Number.NaN;
  });
}

/** The loss of one row with this class number, of three classes with these logits. */
export function lossOf(label: number, logits: readonly number[] = [0, 0, 0]): number {
  const model = tf.sequential({ layers: [tf.layers.softmax({ inputShape: [3] })] });
  model.compile({ optimizer: tf.train.sgd(0), loss: 'sparseCategoricalCrossentropy' });
  const loss = [model.evaluate(tf.tensor2d([[...logits]]), tf.tensor2d([[label]]))].flat();
  return loss[0]?.dataSync()[0] ?? Number.NaN;
}
