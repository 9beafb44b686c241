/** One run: both twins trained by fit(), step by step together, on the same batches in the same order. */
import { type FitEvent, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits, RawDigits } from './digits.ts';
import { Lockstep } from './lockstep.ts';
import type { Settings } from './params.ts';
import { type Point, type TrainingEvent, type Twin, twins } from './protocol.ts';
import { applyKeepProbs, plainTwin, regularizedTwin, type TwinNetwork } from './twins.ts';
import { steerLearningRate, watchNorm, watchThinning } from './watch.ts';

const batchSize = 50;
/** Milliseconds between two pictures of the thinned network: slow enough to be read. */
const pictureEvery = 250;

interface Data {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

const tensors = ({ pixels, labels }: RawDigits, count: number): Data =>
  tf.tidy(() => ({
    x: tf.tensor2d(
      Float32Array.from(pixels.subarray(0, count * 784), grey => grey / 255),
      [count, 784],
    ),
    y: tf.cast(tf.oneHot(tf.tensor1d(labels.subarray(0, count), 'int32'), 10), 'float32'),
  }));

const point = (logs: Readonly<Record<string, number>>, squaredNorm: number): Point => {
  const log = (name: string): number => {
    const value = logs[name];
    if (value === undefined)
      throw new Error(`The trainer reported no ${name}; it reported ${Object.keys(logs).join(', ')}.`);
    return value;
  };
  return {
    trainLoss: log('cleanLoss'),
    validationLoss: log('valLoss'),
    trainPenalty: log('penalty'),
    validationPenalty: log('valPenalty'),
    trainCost: log('cost'),
    validationCost: log('valCost'),
    trainError: 1 - log('cleanAccuracy'),
    validationError: 1 - log('valAccuracy'),
    gap: log('valLoss') - log('cleanLoss'),
    squaredNorm,
  };
};

export class Session {
  readonly #abort = new AbortController();
  readonly #lockstep = new Lockstep(twins.length, this.#abort.signal);
  readonly #emit: (event: TrainingEvent) => void;
  readonly #digits: Digits;
  #settings: Settings;
  #regularized: LayersModel | undefined;

  constructor(settings: Settings, digits: Digits, emit: (event: TrainingEvent) => void) {
    this.#settings = settings;
    this.#digits = digits;
    this.#emit = emit;
  }

  /** Resolves when the run is over, for whatever reason. */
  async run(): Promise<void> {
    const settings = (): Settings => this.#settings;
    const { seed, trainSize } = settings();
    const train = tensors(this.#digits.train, trainSize);
    const validation = tensors(this.#digits.validation, this.#digits.validation.labels.length);
    const networks = { plain: plainTwin(seed), regularized: regularizedTwin(seed, settings) };
    this.#regularized = networks.regularized.model;
    this.#emit({ type: 'ready', backend: tf.getBackend() });
    const points: Partial<Record<Twin, Point>> = {};
    // both have ended before their tensors go, also when one of them fails
    const ends = await Promise.allSettled(
      twins.map(twin => this.#train(twin, networks[twin], train, validation, points)),
    );
    this.#regularized = undefined;
    for (const twin of twins) networks[twin].dispose();
    tf.dispose([train.x, train.y, validation.x, validation.y]);
    const failure = ends.find(end => end.status === 'rejected')?.reason;
    if (failure === undefined) this.#emit({ type: 'end' });
    else this.#emit({ type: 'failed', message: failure instanceof Error ? failure.message : String(failure) });
  }

  async #train(
    twin: Twin,
    { model, plugins }: TwinNetwork,
    train: Data,
    validation: Data,
    points: Partial<Record<Twin, Point>>,
  ): Promise<void> {
    const settings = (): Settings => this.#settings;
    let squaredNorm = 0;
    let lastPicture = -Infinity;
    const wanted = (): boolean => performance.now() - lastPicture >= pictureEvery;
    const watchers = [
      steerLearningRate(settings),
      watchNorm(value => {
        squaredNorm = value;
      }),
      twin === 'regularized' &&
        watchThinning(model, settings, wanted, picture => {
          lastPicture = performance.now();
          this.#emit({ type: 'picture', picture });
        }),
    ];
    const listen = async (event: FitEvent): Promise<void> => {
      if (event.type === 'epoch') {
        points[twin] = point(event.logs, squaredNorm);
        const { plain, regularized } = points;
        if (plain && regularized) this.#emit({ type: 'epoch', epoch: { epoch: event.epoch + 1, plain, regularized } });
        if (plain && regularized) for (const name of twins) delete points[name];
      }
      if (event.type === 'epoch' || event.type === 'step') await this.#lockstep.meet();
    };
    const optimizer = tf.train.adam(settings().learningRate);
    try {
      await fit(model, train, {
        loss: 'categoricalCrossentropy',
        metrics: ['accuracy'],
        optimizer,
        epochs: settings().epochs,
        batchSize,
        shuffle: true,
        seed: settings().seed,
        validation,
        plugins: [...plugins, ...watchers],
        progress: listen,
        signal: this.#abort.signal,
      });
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      optimizer.dispose();
    }
  }

  change(settings: Settings): void {
    this.#settings = settings;
    if (this.#regularized) applyKeepProbs(this.#regularized, settings);
  }

  pause(): void {
    this.#lockstep.pause();
  }

  resume(): void {
    this.#lockstep.resume();
  }

  stop(): void {
    this.#abort.abort();
  }
}
