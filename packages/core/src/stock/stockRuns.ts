import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Hooks, Plugins } from '../contract.ts';
import { randomSeed } from '../layer/forwardContext.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { AttachedOptimizer, type Host } from '../run/attachedOptimizer.ts';
import { openRun, type Run } from '../run/run.ts';

export interface StockRunsOptions {
  readonly model: LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly plugins: readonly Plugins[];
  readonly seed: number | undefined;
}

/**
 * The runs of an attachment, one after the other. A `fit` that the callback sees begins a run of its own: plugins start afresh, the clock at step 0, with
 * other random numbers. One with `initialEpoch` goes on with the run before it, and so do steps that no callback sees.
 */
export class StockRuns implements Host {
  readonly model: LayersModel;
  /** For `model.compile`. */
  readonly optimizer: AttachedOptimizer;
  /** The epoch in progress; undefined where no callback tells it. */
  epoch: number | undefined;
  /** The fit that the callback has seen begin, and not end: it goes on, or has failed. */
  fit: 'training' | 'failed' | undefined;
  /** Whether the data go through `dataset`. */
  iterated = false;
  readonly #options: StockRunsOptions;
  #run: Run;
  #count = 0;
  #disposed = false;

  constructor(options: StockRunsOptions) {
    this.#options = options;
    this.model = options.model;
    this.#run = this.#open();
    this.optimizer = new AttachedOptimizer(options.optimizer, this);
  }

  get run(): Run {
    return this.#run;
  }

  /** A fit begins, with this epoch. */
  begin(epoch: number): void {
    this.#checkDisposed();
    if (epoch > 0 || this.#run.step === 0) return;
    this.#run.dispose();
    this.#run = this.#open();
  }

  /** A fit is over: the plugins choose the final weights. */
  end(): void {
    if (this.fit) this.#run.end();
    this.fit = undefined;
    this.epoch = undefined;
  }

  check(): void {
    this.#checkDisposed();
    if (!this.iterated) this.#needs('batch', messages.needsDataset);
    if (this.fit === 'training') return;
    for (const hook of ['epochEnd', 'end'] as const) this.#needs(hook, plugin => messages.needsCallback(plugin, hook));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    try {
      this.end();
    } finally {
      this.#run.dispose();
    }
  }

  #open(): Run {
    const { model, plugins, optimizer, seed } = this.#options;
    return openRun(model, plugins, {
      host: 'stock',
      optimizer,
      seed: seed === undefined ? randomSeed() : seedOfRun(seed, this.#count++),
      epoch: () => {
        if (this.epoch === undefined) throw new PluginError(messages.needsEpoch());
        return this.epoch;
      },
    });
  }

  #checkDisposed(): void {
    if (this.#disposed) throw new PluginError(messages.disposed('this attachment'));
  }

  #needs(hook: keyof Hooks, message: (plugin: string) => string): void {
    const [plugin] = this.#run.having(hook);
    if (plugin !== undefined) throw new PluginError(message(plugin), { plugin, hook });
  }
}

/** The golden ratio of the 53-bit integers: multiples of it stay far apart. */
const GOLDEN = Math.floor(Number.MAX_SAFE_INTEGER / 1.618033988749895);

/** The seed of the nth run: the first has the one that was given. */
const seedOfRun = (seed: number, n: number): number =>
  Number((BigInt(seed) + BigInt(GOLDEN) * BigInt(n)) % BigInt(Number.MAX_SAFE_INTEGER));
