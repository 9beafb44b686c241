/** One training run: the clock, the plugins and their doors. `attach` and `fit` drive it; nothing else is between them. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
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
import { ForwardPass, withPass } from '../layer/pass.ts';
import { layerPluginsOf } from '../model/layerPlugins.ts';
import { checkModel } from '../model/layerTree.ts';
import { weightsOf } from '../model/weights.ts';
import {
  applySettings,
  applyUpdates,
  checkOptimizer,
  learningRateOf,
  setLearningRate,
} from '../optimizer/optimizers.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { combine } from '../plugin/combine.ts';
import { flatten } from '../plugin/plugin.ts';
import { setUp } from '../plugin/setUp.ts';
import { Draws, momentOf } from '../random/site.ts';
import { l2Value, withL2Gradients } from './quadratic.ts';

export interface RunOptions {
  readonly host: Host;
  readonly optimizer: tf.Optimizer;
  /** Seeds every layer and plugin without a seed of its own. */
  readonly seed: number;
  /** The epoch now; throws where the host does not know it. */
  readonly epoch: () => number;
}

export interface Where {
  /** Defaults to the update in progress. */
  readonly step?: number;
  readonly rows?: readonly [first: number, total: number];
}

/** J and what it is made of. The caller owns every tensor. */
export type CostAndGradients = Omit<StepResult, 'metrics'>;

export interface Run {
  readonly seed: number;
  /** Updates done so far: the index of the update in progress. */
  readonly step: number;
  /** Every weight of the model, frozen ones and statistics included. */
  readonly weights: readonly Weight[];
  /** The hooks of all plugins, combined: those that some plugin has. */
  readonly hooks: Hooks;
  /** The plugins that have this hook. */
  having(hook: keyof Hooks): readonly string[];
  moment(phase: Moment['phase'], where?: Where): Moment;
  /** Begins an update: sets the optimizer to what the plugins want for it. */
  begin(at: Moment): void;
  /** The batch as the plugins leave it. Tensors that a plugin made belong to the caller. */
  batch(batch: Batch, at: Moment): Batch;
  /**
   * J = loss + Σ penalties and its gradients by `variables`. `f` computes the data loss; layers called in it draw from
   * this run, and penalties that they add are collected, as are those given to `addPenalty`.
   */
  gradients(
    f: (addPenalty: (p: tf.Tensor) => void) => tf.Tensor,
    variables: readonly tf.Variable[],
    at: Moment,
  ): CostAndGradients;
  /** Σ penalties of the plugins on the weights as they are. */
  penalty(at: Moment): tf.Scalar;
  /** gradients hooks → beforeUpdate → weight decay → optimizer → afterUpdate; then the next step. Disposes the gradients. */
  update(step: Pick<CostAndGradients, 'gradients' | 'l2'>, at: Moment): void;
  /**
   * Runs `f` on the weights that the `evaluate` hooks want, and puts the trained ones back whatever happens. The next `epochEnd` tells the
   * plugins which weights those were.
   */
  evaluating<T>(at: Moment, f: () => Promise<T>): Promise<T>;
  /** The verdict of all plugins; a new learning rate is already set. */
  epochEnd(logs: Logs, at: Moment): Verdict;
  /** Lets the plugins choose the final weights. */
  end(): void;
  state(): State | undefined;
  restore(step: number, state: State | undefined): void;
  dispose(): void;
}

/**
 * Sets up every plugin for one run over `model`. If one of them cannot be set up, those before it are disposed again.
 * @throws OptionError for a model or an optimizer that is none; PluginError for a plugin that its host cannot run.
 */
export function openRun(model: LayersModel, plugins: readonly Plugins[], options: RunOptions): Run {
  const { host, optimizer, seed, epoch } = options;
  checkModel(model);
  checkOptimizer(optimizer);
  const list = flatten(plugins);
  const weights = weightsOf(model);
  const byVariable = new Map(weights.map(weight => [weight.variable, weight]));
  const sites = new Map(layerPluginsOf(model).map((layer, ordinal) => [layer as object, ordinal]));

  let step = 0;
  const drawsOf = new WeakMap<Moment, Draws>();
  const members = setUp(list, host, (plugin, site) => at => {
    const draws = drawsOf.get(at) ?? new Draws();
    drawsOf.set(at, draws);
    return momentOf(at, { owner: plugin.name, site, seed, streams: plugin.streams ?? [], draws });
  });
  const hooks = combine(members);
  const trained = (): readonly Weight[] => weights.filter(({ variable, trainable }) => trainable && variable.trainable);

  const sumOfPenalties = (penalties: readonly tf.Tensor[]): tf.Scalar | undefined =>
    penalties.length ? (penalties.reduce((sum, p) => tf.add(sum, p)) as tf.Scalar) : undefined;

  const assign = (snapshot: Snapshot | void): void => {
    for (const [path, tensor] of snapshot ?? []) {
      const weight = weights.find(w => w.path === path);
      if (!weight) throw new PluginError(messages.snapshotUnknown(path));
      weight.variable.assign(tensor as tf.Tensor<tf.Rank>);
    }
  };

  /** What the last evaluation saw in place of the trained weights, until `epochEnd` has told the plugins. */
  let evaluated: Snapshot | undefined;
  const forgetEvaluated = (): void => {
    tf.dispose([...(evaluated?.values() ?? [])]);
    evaluated = undefined;
  };

  return {
    seed,
    weights,
    get step() {
      return step;
    },
    hooks,
    having: hook => members.filter(m => m.hooks[hook]).map(m => m.name),

    moment: (phase, where = {}) =>
      Object.freeze<Moment>({
        step: where.step ?? step,
        phase,
        rows: where.rows ?? [0, 0],
        get epoch() {
          return epoch();
        },
        get learningRate() {
          return learningRateOf(optimizer);
        },
        key() {
          throw new PluginError(messages.keyOfDriver());
        },
      }),

    begin(at) {
      if (hooks.settings) applySettings(optimizer, hooks.settings(at));
    },

    batch(batch, at) {
      if (!hooks.batch) return batch;
      return keepBatch(() => hooks.batch!(batch, at));
    },

    gradients(f, variables, at) {
      const updated = variables.map(v => byVariable.get(v)).filter(w => w !== undefined);
      const pass = new ForwardPass(at, seed, sites);
      let loss: tf.Scalar | undefined;
      let penalty: tf.Scalar | undefined;
      let failure: { readonly error: unknown; readonly nothing: tf.Scalar } | undefined;
      const taped = (): tf.Scalar => {
        const data = f(p => pass.collect(p)) as tf.Scalar;
        const sum = sumOfPenalties([...pass.penalties, ...(hooks.penalty ? [hooks.penalty(updated, at)] : [])]);
        loss = tf.keep(tf.clone(data));
        penalty = sum && tf.keep(tf.clone(sum));
        return sum ? tf.add<tf.Scalar>(data, sum) : data;
      };
      const l2 = hooks.l2?.(updated, at) ?? new Map<string, number>();
      try {
        const { value, grads } = tf.variableGrads(() => {
          try {
            return withPass(pass, taped);
          } catch (error) {
            // thrown through the tape, an error would leak what the tape keeps (tfjs-core 4.22): it waits until the tape is closed
            failure = { error, nothing: tf.scalar(0) };
            return failure.nothing;
          }
        }, [...variables]);
        const gradients = new Map<string, tf.Tensor>();
        for (const weight of updated) {
          const gradient = grads[weight.variable.name];
          if (gradient) gradients.set(weight.path, gradient);
        }
        const taken = { loss: tf.clone(loss!), gradients, l2 };
        if (l2.size === 0) return { ...taken, penalty: penalty ? tf.clone(penalty) : tf.scalar(0), cost: value };
        // known in closed form, these terms need no tape
        const quadratic = l2Value(updated, l2);
        const cost = tf.add<tf.Scalar>(value, quadratic);
        const all = penalty ? tf.add<tf.Scalar>(penalty, quadratic) : quadratic;
        tf.dispose(penalty ? [value, quadratic] : value);
        return { ...taken, penalty: all, cost };
      } catch (error) {
        tf.dispose(failure?.nothing ?? []);
        throw failure ? failure.error : error;
      } finally {
        // kept on the tape; what is handed over belongs to whatever tidy the caller is in
        tf.dispose([...pass.penalties, ...[loss, penalty].filter(t => t !== undefined)]);
      }
    },

    penalty: at =>
      tf.tidy(() => {
        const own = hooks.penalty ? [hooks.penalty(trained(), at)] : [];
        const quadratic = hooks.l2 ? [l2Value(trained(), hooks.l2(trained(), at))] : [];
        return sumOfPenalties([...own, ...quadratic]) ?? tf.scalar(0);
      }),

    update({ gradients, l2 }, at) {
      try {
        tf.tidy(() => {
          const updated = weights.filter(({ path }) => gradients.has(path));
          // a plugin that changes gradients sees all of them; one that changes weights must not change their L2 gradients
          const early = hooks.gradients !== undefined || hooks.beforeUpdate !== undefined;
          const whole = early ? withL2Gradients(gradients, updated, l2) : gradients;
          const final = hooks.gradients ? hooks.gradients(whole, updated, at) : whole;
          hooks.beforeUpdate?.(updated, at);
          const decay = hooks.weightDecay?.(updated, at);
          applyUpdates(
            optimizer,
            updated.map(({ variable, path }) => ({
              variable,
              gradient: final.get(path)!,
              l2: early ? 0 : 2 * (l2.get(path) ?? 0),
              keep: 1 - at.learningRate * (decay?.get(path) ?? 0),
            })),
          );
          hooks.afterUpdate?.(updated, at);
        });
      } finally {
        tf.dispose([...gradients.values()]);
      }
      step++;
    },

    async evaluating(at, f) {
      if (!hooks.evaluate) return f();
      const before = new Map(weights.map(({ path, variable }) => [path, tf.keep(tf.clone(variable))]));
      try {
        tf.tidy(() => {
          const snapshot = hooks.evaluate!(weights, at);
          assign(snapshot);
          forgetEvaluated();
          evaluated = new Map([...(snapshot ?? [])].map(([path, tensor]) => [path, tf.keep(tf.clone(tensor))]));
        });
        return await f();
      } finally {
        assign(before);
        tf.dispose([...before.values()]);
      }
    },

    epochEnd(logs, at) {
      try {
        if (!hooks.epochEnd) return {};
        const verdict = tf.tidy(() => holder(hooks.epochEnd!(logs, weights, at, evaluated))).value ?? {};
        if (verdict.learningRate !== undefined) setLearningRate(optimizer, verdict.learningRate);
        return verdict;
      } finally {
        forgetEvaluated();
      }
    },

    end() {
      if (hooks.end) tf.tidy(() => assign(hooks.end!(weights)));
    },

    state: () => hooks.state?.(),
    restore(at, state) {
      step = at;
      if (state) hooks.restore?.(state);
    },
    dispose() {
      forgetEvaluated();
      hooks.dispose?.();
    },
  };
}

/** `tf.tidy` takes tensors for its result; a verdict rides through it in here. */
const holder = <T>(value: T): { value: T } & tf.TensorContainerObject => ({ value }) as never;

/** Runs a batch hook in a tidy that lets go of everything but the batch. */
function keepBatch(f: () => Batch): Batch {
  let result: Batch | undefined;
  tf.tidy(() => {
    result = f();
    return Object.values(result).flatMap(tensors => Object.values(tensors ?? {})) as tf.Tensor[];
  });
  return result!;
}
