/** Several networks trained by fit(), step by step together, on the same batches in the same order. */
import { type FitEvent, type FitOptions, fit } from '@keepprob/trainer';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Held } from './held.ts';
import { messageOf } from './messageOf.ts';

export interface Rows {
  readonly x: tf.Tensor2D;
  readonly y: tf.Tensor2D;
}

/** One network. */
export interface Lane {
  /** What the page calls it, for the reason why it failed. */
  readonly title: string;
  readonly model: LayersModel;
  /** Of its batches and masks, where it is not that of the options. */
  readonly seed?: number;
  readonly plugins: NonNullable<FitOptions['plugins']>;
  /** Gets fit's events of steps and epochs. Training waits for it. */
  readonly hear: (event: FitEvent) => void | Promise<void>;
}

/** What a scene trains. */
export interface Course<S> {
  readonly lanes: readonly Lane[];
  readonly data: Rows;
  /** One for each lane. */
  readonly optimizer: () => tf.Optimizer;
  readonly options: Omit<FitOptions, 'optimizer' | 'plugins' | 'progress' | 'signal'>;
  /** What is done before training, and after it where it was not stopped. */
  before?(): Promise<void>;
  after?(): Promise<void>;
  change(settings: S): void;
  /** Gives back what the course holds: networks and data. */
  dispose(): void;
}

export class Race<S> extends Held<S> {
  readonly #course: Course<S>;
  #over = false;

  constructor(course: Course<S>) {
    super(course.lanes.length);
    this.#course = course;
  }

  /** All have ended before the tensors go, also when one of them fails. */
  async run(): Promise<void> {
    try {
      await this.#course.before?.();
      const ends = await Promise.allSettled(this.#course.lanes.map(lane => this.#train(lane)));
      const failed = ends.find(end => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (!this.signal.aborted) await this.#course.after?.();
    } finally {
      this.#over = true;
      this.#course.dispose();
    }
  }

  async #train({ title, model, seed, plugins, hear }: Lane): Promise<void> {
    const { data, optimizer: make, options } = this.#course;
    const optimizer = make();
    const progress = async (event: FitEvent): Promise<void> => {
      await hear(event);
      if (event.type === 'epoch' || event.type === 'step') await this.steps.meet();
    };
    try {
      const given = {
        ...options,
        ...(seed !== undefined && { seed }),
        optimizer,
        plugins,
        progress,
        signal: this.signal,
      };
      await fit(model, data, given);
    } catch (error) {
      this.stop();
      throw new Error(`${title}: ${messageOf(error)}`, { cause: error });
    } finally {
      optimizer.dispose();
    }
  }

  override change(settings: S): void {
    if (!this.#over) this.#course.change(settings);
  }
}
