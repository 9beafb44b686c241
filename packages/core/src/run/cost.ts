/**
 * The cost J of a batch and its gradients:
 *
 *     J = loss + Σ penalties + Σ λ Σ w²
 *
 * The hook `step` wraps the passes over a batch. In each pass the hooks `loss` and `penalty` act on the tape; the terms of `l2` are known in closed
 * form and need no tape.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {
  Batch,
  Coefficients,
  Hooks,
  Moment,
  Step,
  StepOptions,
  StepResult,
  Tensors,
  Weight,
} from '../contract.ts';
import { L2_KERNEL, runExtraKernel } from '../kernels.ts';
import { atInference } from '../layer/frozen.ts';
import { ForwardPass, withPass } from '../layer/pass.ts';
import { tidyStep } from '../plugin/stepResult.ts';
import { withRows } from '../random/site.ts';
import type { Known } from './known.ts';
import { dropTape } from './tape.ts';

/** The model and objective of a step. Its functions are called on the tape, in training mode. */
export interface Computation {
  /** The model's outputs, by name, in training mode. */
  predict(x: Tensors): Tensors;
  /** The data loss; rank 0. */
  loss(predictions: Tensors, batch: Batch): tf.Tensor;
  /** The metrics: scalars by name. */
  metrics(predictions: Tensors, batch: Batch): Tensors;
  /** See `StepResult.counted`. */
  counted?(predictions: Tensors): tf.Tensor | undefined;
  /** The model's own penalties, such as those of `kernelRegularizer`; rank 0. */
  penalties(): readonly tf.Tensor[];
}

/** One pass over these rows of a batch: forward, and backward if gradients are requested. */
export type RowsPass = (part: Batch, rows: Moment['rows']) => StepResult;

/** Takes a pass: alone, or together with others that each take some of the rows. */
export type TakePass = (pass: RowsPass, part: Batch, rows: Moment['rows']) => StepResult;

/** J, its parts and its gradients. The caller owns every tensor. */
export type CostAndGradients = Omit<StepResult, 'metrics'>;

/** J of a run and its gradients. */
export interface Cost {
  /**
   * J and its gradients with respect to `variables`. `f` computes the data loss; layers called in it draw from this run, and their penalties are collected,
   * as are those passed to `addPenalty`.
   */
  gradients(
    f: (addPenalty: (p: tf.Tensor) => void) => tf.Tensor,
    variables: readonly tf.Variable[],
    at: Moment,
  ): CostAndGradients;
  /** The same without the penalties of plugins: only `f` and the penalties of layers, for callers that add `penaltyGradients` later. */
  dataGradients(f: () => tf.Tensor, variables: readonly tf.Variable[], at: Moment): CostAndGradients;
  /**
   * J, its gradients with respect to `variables`, and the metrics of a batch. The caller owns every tensor of the result.
   * @param take the innermost function, called for every pass that a plugin around the step requests
   */
  takeStep(
    computation: Computation,
    batch: Batch,
    variables: readonly tf.Variable[],
    at: Moment,
    take?: TakePass,
  ): StepResult;
  /** The sum of the penalties of all plugins on the current weights. */
  penalty(at: Moment): tf.Scalar;
  /**
   * The gradients of the plugins' penalties, by path, to add to gradients of `weights` that were computed without them, and the coefficients of `l2`. The
   * caller owns the tensors.
   */
  penaltyGradients(weights: readonly Weight[], at: Moment): Pick<StepResult, 'gradients' | 'l2'>;
}

/** The things that J depends on besides the batch. */
export interface CostOptions {
  readonly hooks: Hooks;
  readonly known: Known;
  readonly seed: number;
  /** The object that identifies the update of a step: `ForwardMoment.update`. */
  updateAt(step: number): object;
}

export function openCost({ hooks, known, seed, updateAt }: CostOptions): Cost {
  const penaltyOn = (updated: readonly Weight[], at: Moment): tf.Tensor[] =>
    hooks.penalty ? [hooks.penalty(updated, at)] : [];

  const pass = (
    f: OnTape,
    variables: readonly tf.Variable[],
    at: Moment,
    { penalized = true, gradients: wanted = true }: StepOptions & { readonly penalized?: boolean } = {},
  ): StepResult =>
    tidyStep(() => {
      const updated = penalized ? variables.filter(v => known.has(v)).map(v => known.of(v)) : [];
      const l2 = (penalized && hooks.l2?.(updated, at)) || new Map<string, number>();
      const layers = new ForwardPass(at, seed, known.sites, { update: updateAt(at.step) });
      const taped = (): Measured => {
        const { loss, metrics, counted } = f(penalty => layers.collect(penalty));
        const penalty = sum([...layers.penalties, ...(penalized ? penaltyOn(updated, at) : [])]);
        return { loss: loss as tf.Scalar, penalty, metrics, counted };
      };
      const inFrozen = (): Measured => atInference(known.frozenBatchNorms, taped);
      try {
        const { cost, measured, gradients } = differentiate(() => withPass(layers, inFrozen), wanted && variables);
        const quadratic = l2.size ? [quadraticValue(updated, l2)] : [];
        return {
          ...measured,
          penalty: sum([...listed(measured.penalty), ...quadratic]) ?? tf.scalar(0),
          cost: quadratic.reduce((J, term) => tf.add<tf.Scalar>(J, term), cost),
          gradients: new Map(
            variables.flatMap(v => listed(gradients[v.name]).map(g => [known.of(v).path, g] as const)),
          ),
          l2,
        };
      } finally {
        tf.dispose(layers.penalties);
      }
    });

  return {
    gradients: (f, variables, at) => pass(addPenalty => ({ loss: f(addPenalty), metrics: {} }), variables, at),
    dataGradients: (f, variables, at) => pass(() => ({ loss: f(), metrics: {} }), variables, at, { penalized: false }),

    takeStep(computation, batch, variables, at, take = (over, part, rows) => over(part, rows)) {
      const over =
        (options?: StepOptions): RowsPass =>
        (part, rows) => {
          const here = withRows(at, rows);
          return pass(addPenalty => measure(computation, hooks.loss, part, addPenalty, here), variables, here, options);
        };
      const trained = new Set(variables);
      const updated = known.weights.filter(({ variable }) => trained.has(variable));
      const inner: Step = (part, rows = at.rows, options = {}) => take(over(options), part, rows);
      return around(hooks.step, inner, batch, updated, at);
    },

    penalty: at =>
      tf.tidy(() => {
        const trained = trainable(known.weights);
        const quadratic = hooks.l2 ? [quadraticValue(trained, hooks.l2(trained, at))] : [];
        return sum([...penaltyOn(trained, at), ...quadratic]) ?? tf.scalar(0);
      }),

    penaltyGradients(updated, at) {
      const variables = updated.map(({ variable }) => variable);
      const taped = tf.tidy(() => {
        const loss = (): Measured => ({
          loss: sum(penaltyOn(updated, at)) ?? tf.scalar(0),
          penalty: undefined,
          metrics: {},
        });
        return hooks.penalty && updated.length ? differentiate(loss, variables).gradients : {};
      });
      return {
        gradients: new Map(updated.flatMap(w => listed(taped[w.variable.name]).map(g => [w.path, g] as const))),
        l2: hooks.l2?.(updated, at) ?? new Map<string, number>(),
      };
    },
  };
}

/** The measurements of a pass; J is loss + penalty. */
interface Measured {
  readonly loss: tf.Scalar;
  /** Undefined if there is none. */
  readonly penalty: tf.Scalar | undefined;
  readonly metrics: Tensors;
  /** Undefined if every row counts. */
  readonly counted?: tf.Tensor | undefined;
}

/** The computation on the tape; it is passed a function that collects penalties. */
type OnTape = (addPenalty: (penalty: tf.Tensor) => void) => Pick<Measured, 'metrics' | 'counted'> & {
  readonly loss: tf.Tensor;
};

const mapMeasured = ({ loss, penalty, metrics, counted }: Measured, f: <T extends tf.Tensor>(t: T) => T): Measured => ({
  loss: f(loss),
  penalty: penalty && f(penalty),
  metrics: Object.fromEntries(Object.entries(metrics).map(([name, t]) => [name, f(t)])),
  counted: counted && f(counted),
});

const trainable = (weights: readonly Weight[]): Weight[] =>
  weights.filter(({ variable, trainable: own }) => own && variable.trainable);

const sum = (terms: readonly tf.Tensor[]): tf.Scalar | undefined =>
  terms.length ? (terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar) : undefined;

const listed = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

/** The forward pass of a batch, followed by the hook `loss`. */
function measure(
  { predict, loss, metrics, counted, penalties }: Computation,
  door: Hooks['loss'],
  batch: Batch,
  addPenalty: (penalty: tf.Tensor) => void,
  at: Moment,
): ReturnType<OnTape> {
  const predictions = predict(batch.x);
  const measured = { metrics: metrics(predictions, batch), counted: counted?.(predictions) };
  for (const penalty of penalties()) addPenalty(penalty);
  const data = loss(predictions, batch);
  if (!door) return { loss: data, ...measured };
  const again = { predict: (x = batch.x) => predict(x), loss: (p: Tensors) => loss(p, batch) };
  return { loss: door(data, { batch, predictions, addPenalty, ...again }, at), ...measured };
}

/** Calls the hook `step` around the passes. An error inside a pass is not the fault of a plugin around it, so it is rethrown unchanged. */
function around(door: Hooks['step'], inner: Step, batch: Batch, weights: readonly Weight[], at: Moment): StepResult {
  if (!door) return inner(batch);
  let failure: { readonly error: unknown } | undefined;
  const watched: Step = (...pass) => {
    try {
      return inner(...pass);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    return door(watched, batch, weights, at);
  } catch (error) {
    throw failure && (error as Error).cause === failure.error ? failure.error : error;
  }
}

/** The cost J = loss + penalty from the measurements of `f`, and its gradients by variable name; none if `variables` is false. Call it in a tidy. */
function differentiate(
  f: () => Measured,
  variables: readonly tf.Variable[] | false,
): { readonly cost: tf.Scalar; readonly measured: Measured; readonly gradients: tf.NamedTensorMap } {
  let kept: { readonly cost: tf.Scalar; readonly measured: Measured } | undefined;
  let failure: { readonly error: unknown } | undefined;
  const taped = (): tf.Scalar => {
    try {
      const measured = f();
      const { loss, penalty } = measured;
      const cost = penalty ? tf.add<tf.Scalar>(loss, penalty) : loss;
      // beyond the tape; the results are handed over to the tidy around this function
      const hold = <T extends tf.Tensor>(t: T): T => tf.keep(tf.clone(t));
      kept = { cost: hold(cost), measured: mapMeasured(measured, hold) };
      return cost;
    } catch (error) {
      // an error thrown through the tape would leak the tensors on it (tfjs-core 4.22), so it is thrown after the tape is closed
      failure = { error };
      return tf.scalar(0);
    }
  };
  try {
    const gradients = variables ? tf.variableGrads(taped, [...variables]).grads : noGradients(taped);
    if (!kept) throw failure?.error;
    return { cost: tf.clone(kept.cost), measured: mapMeasured(kept.measured, tf.clone), gradients };
  } catch (error) {
    dropTape();
    throw failure ? failure.error : error;
  } finally {
    if (kept) tf.dispose([kept.cost, { ...kept.measured }]);
  }
}

/**
 * Runs `f` on a tape without a backward pass. The tape is necessary, since TF.js and kernels compute differently without one (a dense layer fuses its
 * activation, and rounds elsewhere), and J must be the same number as with gradients.
 */
function noGradients(f: () => tf.Scalar): tf.NamedTensorMap {
  const beside = tf.grad(zero => {
    f();
    return tf.clone(zero);
  });
  beside(tf.scalar(0));
  return {};
}

/** Σ λ Σ w². */
function quadraticValue(weights: readonly Weight[], l2: Coefficients): tf.Scalar {
  const terms = weights.flatMap(({ path, variable }) => {
    const lambda = l2.get(path) ?? 0;
    return lambda === 0 ? [] : [{ variable, lambda }];
  });
  const inputs = Object.fromEntries(terms.map(({ variable }, i) => [`w${i}`, variable]));
  const fast = terms.length > 0 && runExtraKernel<tf.Scalar>(L2_KERNEL, inputs, { lambdas: terms.map(t => t.lambda) });
  if (fast) return fast;
  return sum(terms.map(({ variable, lambda }) => tf.mul(tf.sum(tf.square(variable)), lambda))) ?? tf.scalar(0);
}
