/**
 * A stock recurrent cell whose state is dropped on its way into the recurrent kernel. A marked seam: read in tfjs-layers 4.22,
 * `RNN.call` → `cell.call([x, ...states], { training })` → [output, ...states], and the gates of `GRUCell.call`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

export type GRUCell = ReturnType<typeof layers.gruCell>;
export type StockCell = ReturnType<typeof layers.lstmCell | typeof layers.gruCell | typeof layers.simpleRNNCell>;

export type Drop = (state: tf.Tensor) => tf.Tensor;

/** x and the states, of which h is the first. */
type StepInputs = readonly [x: tf.Tensor, h: tf.Tensor, ...rest: tf.Tensor[]];

/** One step: [x, ...states] → [output, ...states]. */
export type CellStep<C extends StockCell = StockCell> = (cell: C, inputs: StepInputs, drop: Drop) => tf.Tensor[];

/** LSTM and SimpleRNN read h in the recurrent kernel alone, so that it may be dropped before the stock cell. */
export const dropBefore: CellStep = (cell, [x, h, ...rest], drop) =>
  cell.call([x, drop(h), ...rest], { training: false }) as tf.Tensor[];

/**
 * GRU also carries h over: h′ = z h + (1 − z) h̃. What is carried must stay whole, or it would be divided by keepProb at every step
 * (stock's own `recurrentDropout` does that), so that the gates are written out here, with h dropped where a kernel reads it.
 */
export const gruStep: CellStep<GRUCell> = (cell, [x, h], drop) => {
  const seen = drop(h);
  const [toGates, toCandidate] = tf.split(cell.recurrentKernel.read(), [2 * cell.units, cell.units], 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const product = tf.matMul(x as tf.Tensor2D, cell.kernel.read() as tf.Tensor2D);
  const [xz, xr, xh] = tf.split(cell.bias ? tf.add(product, cell.bias.read()) : product, 3, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [hz, hr] = tf.split(tf.matMul(seen, toGates), 2, 1) as [tf.Tensor, tf.Tensor];
  const z = cell.recurrentActivation.apply(tf.add(xz, hz));
  const r = cell.recurrentActivation.apply(tf.add(xr, hr));
  const candidate = cell.activation.apply(tf.add(xh, tf.matMul(tf.mul(r, seen), toCandidate)));
  const next = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
  return [next, next];
};

export class StateDropoutCell extends layers.RNNCell {
  static readonly className = 'KeepprobStateDropoutCell';
  override readonly stateSize: number | number[];
  readonly cell: StockCell;
  readonly #step: (inputs: StepInputs, drop: Drop) => tf.Tensor[];
  #drop: Drop | undefined;

  static around<C extends StockCell>(cell: C, step: CellStep<C>): StateDropoutCell {
    return new StateDropoutCell(cell, (inputs, drop) => step(cell, inputs, drop));
  }

  private constructor(cell: StockCell, step: (inputs: StepInputs, drop: Drop) => tf.Tensor[]) {
    super({});
    this.cell = cell;
    this.stateSize = cell.stateSize;
    this.#step = step;
  }

  /** Runs `f`, in which every step drops its state by `drop`. */
  dropping<T>(drop: Drop, f: () => T): T {
    this.#drop = drop;
    try {
      return f();
    } finally {
      this.#drop = undefined;
    }
  }

  override call(inputs: tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor | tf.Tensor[] {
    const drop = this.#drop;
    const [x, h, ...rest] = inputs;
    return tf.tidy(() => (drop && x && h ? this.#step([x, h, ...rest], drop) : this.cell.call(inputs, kwargs)));
  }

  override build(shape: tf.Tensor['shape']): void {
    this.cell.build(shape);
    this.built = true;
  }

  override get trainableWeights(): layers.Layer['trainableWeights'] {
    return this.cell.trainableWeights;
  }

  override get nonTrainableWeights(): layers.Layer['nonTrainableWeights'] {
    return this.cell.nonTrainableWeights;
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    this.cell.setFastWeightInitDuringBuild(value);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return this.cell.getConfig();
  }
}
