/** One training run: the clock, the plugins and their hooks. `attach` and `fit` drive it directly. */
import type * as tf from '@tensorflow/tfjs-core';
import type {
  Batch,
  Hooks,
  Host,
  Logs,
  Moment,
  Plugins,
  Snapshot,
  State,
  StepResult,
  Verdict,
  Weight,
} from '../contract.ts';
import { liftEpsilon } from '../optimizer/halfPrecision.ts';
import { checkOptimizer, learningRateOf } from '../optimizer/optimizers.ts';
import { RunSettings } from '../optimizer/runSettings.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { combine } from '../plugin/combine.ts';
import { checkMonitors, type Monitored, monitoredBy } from '../plugin/monitor.ts';
import { flatten } from '../plugin/plugin.ts';
import { setUp } from '../plugin/setUp.ts';
import { tidied } from '../plugin/tidied.ts';
import { Draws, momentOf } from '../random/site.ts';
import { type Cost, openCost } from './cost.ts';
import { Known, type Trained } from './known.ts';
import { batchTensors } from './rows.ts';
import { openSwap } from './swap.ts';
import { update } from './update.ts';

/** Options of `openRun`. */
export interface RunOptions {
  /** What drives the run. */
  readonly host: Host;
  /** The optimizer that makes the updates. */
  readonly optimizer: tf.Optimizer;
  /** The seed of every layer and plugin without its own. */
  readonly seed: number;
  /** Returns the current epoch; throws an error if the host does not know it. */
  readonly epoch: () => number;
}

/** The update and the part of its batch. */
export interface Where {
  /** Index of the update; the one in progress by default. */
  readonly step?: number;
  /** Rows of the step's whole batch: [first, total]; by default all of them. */
  readonly rows?: readonly [first: number, total: number];
}

/** One training run: what a driver calls, in the order of a step. */
export interface Run extends Cost {
  /** The seed of every layer and plugin without its own. */
  readonly seed: number;
  /** Number of updates done so far, which is the index of the update in progress. */
  readonly step: number;
  /** Every weight of the model, including frozen ones and statistics. */
  readonly weights: readonly Weight[];
  /** The weights that it trains. */
  readonly known: Known;
  /** The hooks of all plugins, combined; those that no plugin has are missing. */
  readonly hooks: Hooks;
  /** The plugins that have this hook. */
  having(hook: keyof Hooks): readonly string[];
  /** The logs that the plugins need. */
  readonly monitors: readonly Monitored[];
  /** The moment that hooks receive. */
  moment(phase: Moment['phase'], where?: Where): Moment;
  /** Begins an update: applies the plugins' settings to the optimizer. */
  begin(at: Moment): void;
  /** The batch after all plugins. The caller owns tensors that a plugin made. */
  batch(batch: Batch, at: Moment): Batch;
  /** gradients hooks → beforeUpdate → weight decay → optimizer → afterUpdate; then the next step. Disposes the gradients. */
  update(step: Pick<StepResult, 'gradients' | 'l2'>, at: Moment): void;
  /**
   * Runs `f` on the weights that the `evaluate` hooks return, and restores the trained ones afterwards, even after an error. The next `epochEnd` passes
   * these weights to the plugins.
   */
  evaluating<T>(at: Moment, f: () => Promise<T>): Promise<T>;
  /**
   * The verdict of all plugins; a new learning rate is already set.
   * @param isWhole whether the epoch has all the logs of the run; otherwise plugins that need a missing log are not called
   * @throws PluginError if a plugin needs a log that a whole epoch lacks
   */
  epochEnd(logs: Logs, at: Moment, isWhole?: boolean): Verdict;
  /** Lets the plugins choose the final weights. */
  end(): void;
  /** The state of the plugins; the caller owns the tensors. */
  state(): State | undefined;
  /** Resumes after `step` updates, with the saved state of the plugins. */
  restore(step: number, state: State | undefined): void;
  /** Disposes the tensors of the plugins, and restores the settings of the optimizer that they changed. */
  dispose(): void;
}

/**
 * Sets up every plugin for one run over a model, or over variables. If one of them cannot be set up, those before it are disposed again.
 * @example
 * const run = openRun(model, [l2(1e-4)], { host: 'loop', optimizer: tf.train.sgd(0.1), seed: 7, epoch: () => 0 });
 * const variables = run.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
 * const moment = run.moment('train');
 * run.begin(moment);
 * const step = run.gradients(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })), variables, moment);
 * run.update(step, moment);
 * run.step; // 1
 * run.dispose();
 * @throws OptionError if `trained` is neither a built model nor variables, or for an invalid optimizer; PluginError for a plugin that the host cannot run
 */
export function openRun(trained: Trained, plugins: readonly Plugins[], options: RunOptions): Run {
  const { host, optimizer, seed } = options;
  const known = new Known(trained);
  checkOptimizer(optimizer);
  liftEpsilon(optimizer);
  const members = setUp(flatten(plugins), host, momentsOf(seed));
  const hooks = combine(members);
  const swap = openSwap(hooks, known);
  const optimizerSettings = new RunSettings(optimizer);
  let step = 0;
  let inProgress = { step: -1 };
  const updateAt = (now: number): object => {
    if (inProgress.step !== now) inProgress = { step: now };
    return inProgress;
  };

  return {
    ...openCost({ hooks, known, seed, updateAt }),
    seed,
    known,
    get weights() {
      return known.weights;
    },
    hooks,
    get step() {
      return step;
    },
    having: hook => members.filter(m => m.hooks[hook]).map(m => m.name),
    monitors: monitoredBy(members),
    moment: (phase, { step: then = step, rows } = {}) => momentIn(options, phase, then, rows),

    begin(at) {
      if (known.disposed) throw new PluginError(messages.modelDisposed(at.step));
      optimizerSettings.set(tidied(() => hooks.settings?.(at)) ?? {});
    },
    batch: (batch, at) => tidied(() => hooks.batch?.(batch, at) ?? batch, batchTensors),
    update(result, at) {
      update({ hooks, known, optimizer }, result, at);
      step++;
    },

    evaluating: swap.evaluating,
    epochEnd(logs, at, isWhole = true) {
      if (isWhole) for (const monitored of monitoredBy(members)) checkMonitored(monitored, logs);
      const ask = (evaluated?: Snapshot) => tidied(() => hooks.epochEnd?.(logs, known.weights, at, evaluated));
      const verdict = swap.telling(ask) ?? {};
      if (verdict.learningRate !== undefined) optimizerSettings.set({ learningRate: verdict.learningRate });
      return verdict;
    },
    end() {
      if (!known.disposed) swap.end();
    },

    state: () =>
      tidied(
        () => hooks.state?.(),
        state => Object.values(state?.tensors ?? {}),
      ),
    restore(at, state) {
      step = at;
      inProgress = { step: -1 };
      optimizerSettings.resume();
      if (state) tidied(() => hooks.restore?.(state));
    },
    dispose() {
      swap.dispose();
      optimizerSettings.putBack();
      tidied(() => hooks.dispose?.());
    },
  };
}

/** @throws PluginError for a missing log */
function checkMonitored(monitored: Monitored, logs: Logs): void {
  try {
    checkMonitors([monitored], Object.keys(logs));
  } catch (error) {
    throw PluginError.from(error, monitored.plugin, 'epochEnd');
  }
}

/** A moment of the run, which belongs to no plugin. Values that may change, or may be unknown, are computed when they are read. */
const momentIn = (
  { optimizer, epoch }: RunOptions,
  phase: Moment['phase'],
  step: number,
  rows: Moment['rows'] = [0, 0],
): Moment =>
  Object.freeze<Moment>({
    step,
    phase,
    rows,
    get epoch() {
      return epoch();
    },
    get learningRate() {
      return learningRateOf(optimizer);
    },
    key() {
      throw new PluginError(messages.keyOfDriver());
    },
  });

/** Each plugin's view of a moment of the run, with its own keys. Draws count per moment. */
function momentsOf(seed: number): Parameters<typeof setUp>[2] {
  const drawsOf = new WeakMap<Moment, Draws>();
  return ({ name: owner, streams = [] }, site) =>
    at => {
      const draws = drawsOf.get(at) ?? new Draws();
      drawsOf.set(at, draws);
      return momentOf(at, { owner, site, seed, streams, draws });
    };
}
