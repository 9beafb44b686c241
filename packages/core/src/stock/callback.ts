import type { Scalar } from '@tensorflow/tfjs-core';
import { Callback, type LayersModel } from '@tensorflow/tfjs-layers';
import type { Logs } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { checkMonitors, logName } from '../plugin/monitor.ts';
import { breathe } from '../run/breathe.ts';
import type { StockRuns } from './stockRuns.ts';
import { whenTrainingEnds } from './trainingEnds.ts';

/** Logs as TF.js passes them to callbacks: some are still on the device. */
type StockLogs = Readonly<Record<string, number | Scalar>>;

/**
 * A `tf.Callback`, so that it can be combined with TF.js' own callbacks. TF.js calls plain objects of hooks next to it only if a plain one comes first, and
 * then takes the methods out of this object, so they are bound.
 */
export class AttachedCallback extends Callback {
  readonly #runs: StockRuns;
  /** Number of updates done when the epoch began. */
  #before = 0;
  #beginning = false;

  constructor(runs: StockRuns) {
    super();
    this.#runs = runs;
  }

  /** The model in training, which TF.js passes to callbacks of its own class. */
  get #trained(): LayersModel {
    return this.model ?? this.#runs.model;
  }

  override onTrainBegin = async (): Promise<void> => {
    // if the model is known, the error is thrown now, not at the end of the epoch
    if (this.model && this.model.optimizer !== this.#runs.optimizer)
      throw new PluginError(messages.compiledWithout(this.model.name));
    const { metrics } = this.params ?? {};
    if (Array.isArray(metrics)) checkMonitors(this.#runs.run.monitors, metrics.map(String).map(logName));
    this.#beginning = true;
    this.#runs.fit = 'training';
    whenTrainingEnds(this.#trained, () => {
      if (this.#runs.fit) this.#runs.fit = 'failed';
    });
  };

  override onEpochBegin = async (epoch: number): Promise<void> => {
    if (this.#beginning) this.#runs.begin(epoch);
    this.#beginning = false;
    this.#runs.epoch = epoch;
    this.#before = this.#runs.run.step;
  };

  /** Gives the page a turn, as TF.js' own callbacks do. */
  override onBatchEnd = async (): Promise<void> => {
    await breathe();
  };

  override onEpochEnd = async (_epoch: number, logs: StockLogs = {}): Promise<void> => {
    const { run } = this.#runs;
    if (run.step === this.#before) throw new PluginError(messages.compiledWithout(this.#trained.name));
    const { stop } = run.epochEnd(await numbers(logs), run.moment('evaluate'));
    if (stop !== undefined) this.#trained.stopTraining = true;
  };

  override onTrainEnd = async (): Promise<void> => {
    this.#runs.end();
  };
}

/** TF.js logs `val_loss`; plugins read `valLoss`, as in `fit`. */
async function numbers(logs: StockLogs): Promise<Logs> {
  const read = Object.entries(logs).map(async ([name, value]) => {
    const [number = Number.NaN] = typeof value === 'number' ? [value] : await value.data();
    return [logName(name), number] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
