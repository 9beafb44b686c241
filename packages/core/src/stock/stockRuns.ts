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
 * The runs of an attachment, one after the other. A `fit` with the callback begins a new run: plugins start from scratch, and the clock at step 0, with
 * other random numbers. A fit with `initialEpoch` continues the previous run, and so do steps without the callback.
 */
export class StockRuns implements Host {
  readonly model: LayersModel;
  /** For `model.compile`. */
  readonly optimizer: AttachedOptimizer;
  /** The epoch in progress; undefined if no callback reports it. */
  epoch: number | undefined;
  /** The state of a fit that the callback has seen begin but not end: it is still running, or it has failed. */
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

  /** Called when a fit begins, with its first epoch. */
  begin(epoch: number): void {
    this.#checkDisposed();
    if (epoch > 0 || this.#run.step === 0) return;
    this.#run.dispose();
    this.#run = this.#open();
  }

  /** Called when a fit has ended: the plugins choose the final weights. */
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

/** The golden ratio, scaled to 53-bit integers: its multiples stay far apart. */
const GOLDEN = Math.floor(Number.MAX_SAFE_INTEGER / 1.618033988749895);

/** The seed of the nth run; the first run uses the given seed. */
const seedOfRun = (seed: number, n: number): number =>
  Number((BigInt(seed) + BigInt(GOLDEN) * BigInt(n)) % BigInt(Number.MAX_SAFE_INTEGER));
