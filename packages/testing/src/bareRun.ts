/** Training with a bare loop, one update at a time, so that runs can be interleaved, interrupted and resumed. */
import type { Json, Plugins, State, Tensors } from '@keepprob/core';
import { type Computation, openRun, optimizerState, type Run, restoreOptimizer } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ConformanceError, need, scalar } from './expect.ts';
import { BATCH, type Data, data, meanSquares, optimizerFor, ROWS, weightsOfNet } from './net.ts';

export interface BareOptions {
  readonly epochs?: number;
  readonly seed?: number;
}

/** The state of an interrupted run, as a file would hold it. */
export interface Saved {
  readonly step: number;
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly weights: readonly tf.Tensor[];
  readonly optimizer: State;
  readonly plugins: State | undefined;
}

export class BareRun {
  readonly #model: LayersModel;
  readonly #data: Data;
  readonly #optimizer: tf.Optimizer;
  readonly #run: Run;
  readonly #computation: Computation;
  readonly #epochs: number;
  #epoch = 0;
  #stepInEpoch = 0;
  #stop: string | undefined;

  constructor(model: LayersModel, plugins: readonly Plugins[], { epochs = 2, seed = 5 }: BareOptions = {}) {
    this.#model = model;
    this.#data = data(model);
    this.#optimizer = optimizerFor(model);
    this.#epochs = epochs;
    this.#run = openRun(model, plugins, { host: 'fit', optimizer: this.#optimizer, seed, epoch: () => this.#epoch });
    this.#computation = computationOf(model);
  }

  get done(): boolean {
    return this.#epoch >= this.#epochs || this.#stop !== undefined;
  }

  /** Makes one update; after the last one of an epoch, also gets the verdict of the plugins. */
  step(): void {
    const run = this.#run;
    const at = run.moment('train', { rows: [0, BATCH] });
    run.begin(at);
    const from = this.#stepInEpoch * BATCH;
    const [x, y] = [this.#data.x, this.#data.y].map(t => tf.slice(t, [from], [BATCH]));
    const [input, output] = namesOf(this.#model);
    const batch = run.batch({ x: { [input]: need(x, 'input') }, y: { [output]: need(y, 'label') } }, at);
    const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
    const step = run.takeStep(this.#computation, batch, variables, at);
    run.update(step, at);
    tf.dispose([x, y, step.loss, step.penalty, step.cost]);
    for (const tensors of Object.values(batch)) tf.dispose(Object.values(tensors ?? {}));
    if (++this.#stepInEpoch * BATCH >= ROWS) this.#endEpoch();
  }

  #endEpoch(): void {
    const { x, y } = this.#data;
    const loss = tf.tidy(() => scalar(meanSquares(y, this.#model.apply(x) as tf.Tensor)));
    this.#stop = this.#run.epochEnd({ loss, valLoss: loss }, this.#run.moment('evaluate')).stop;
    this.#epoch++;
    this.#stepInEpoch = 0;
  }

  /** Trains to the end. @returns the weights that the plugins choose */
  finish(): number[] {
    while (!this.done) this.step();
    this.#run.end();
    return weightsOfNet(this.#model);
  }

  /** Saves the current state of the run. The caller owns the tensors. @throws ConformanceError if the state of a plugin cannot be stored in a file */
  save(): Saved {
    const run = this.#run;
    const plugins = run.state();
    try {
      return {
        step: run.step,
        epoch: this.#epoch,
        stepInEpoch: this.#stepInEpoch,
        weights: run.weights.map(({ variable }) => copied(variable)),
        optimizer: optimizerState(this.#optimizer, run.weights),
        plugins: plugins && { tensors: mapped(plugins.tensors, copied), values: asJson(plugins.values) },
      };
    } finally {
      tf.dispose(Object.values(plugins?.tensors ?? {}));
    }
  }

  /** Restores a saved run and disposes the tensors of `saved`. */
  restore({ step, epoch, stepInEpoch, weights, optimizer, plugins }: Saved): void {
    [this.#epoch, this.#stepInEpoch] = [epoch, stepInEpoch];
    const run = this.#run;
    run.restore(step, plugins);
    restoreOptimizer(this.#optimizer, optimizer, run.weights);
    for (const [i, { variable }] of run.weights.entries()) variable.assign(need(weights[i], 'weight'));
    tf.dispose([...weights, ...Object.values(optimizer.tensors), ...Object.values(plugins?.tensors ?? {})]);
  }

  dispose(): void {
    this.#run.dispose();
    this.#optimizer.dispose();
    tf.dispose([this.#data.x, this.#data.y]);
  }
}

const namesOf = ({ inputNames, outputNames }: LayersModel): [input: string, output: string] => [
  need(inputNames[0], 'input'),
  need(outputNames[0], 'output'),
];

function computationOf(model: LayersModel): Computation {
  const [input, output] = namesOf(model);
  return {
    predict: ({ [input]: seen }) => ({ [output]: model.apply(need(seen, 'input'), { training: true }) as tf.Tensor }),
    loss: (predictions, { y }) => meanSquares(need(y[output], 'label'), need(predictions[output], 'prediction')),
    metrics: () => ({}),
    penalties: () => [],
  };
}

const copied = (tensor: tf.Tensor): tf.Tensor => tf.tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype);
const mapped = (tensors: Tensors, f: (tensor: tf.Tensor) => tf.Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor)]));

/** A copy of a JSON value; NaN and Infinity are allowed. */
function asJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value)))
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asJson(part)]));
  throw new ConformanceError(`its state has a value that JSON cannot hold: ${Object.prototype.toString.call(value)}`);
}
