/**
 * Detects numbers that are not finite before they reach the weights. A finite J may have a gradient that is not finite: at √0, 0 / 0 and log 0 in a custom
 * loss (d√x/dx = 1 / (2√x) is infinite at 0), and when weights have grown so large that products in the backward pass overflow.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Gradients, Moment, Weight } from '../contract.ts';
import { FINITE_KERNEL, runExtraKernel } from '../kernels.ts';
import { hasHalfPrecision } from '../optimizer/halfPrecision.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';

/** The input of an update. */
export interface Measured {
  /** J; left out if the gradients were computed elsewhere. */
  readonly cost?: tf.Scalar;
  readonly gradients: Gradients;
}

/** A scalar that is finite if every number in these tensors is; the caller owns it. */
function finiteness(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy((): tf.Scalar => {
    const inputs = Object.fromEntries(tensors.map((tensor, i) => [`t${i}`, tensor]));
    const fast = tensors.length > 0 && runExtraKernel<tf.Scalar>(FINITE_KERNEL, inputs, {});
    if (fast) return fast;
    // sums above 65,504 overflow in half precision
    const sums = tensors.map(tensor => tf.sum<tf.Scalar>(hasHalfPrecision() ? tf.sub(tensor, tensor) : tensor));
    return sums.length ? tf.addN(sums) : tf.scalar(0);
  });
}

const all = ({ cost, gradients }: Measured): tf.Tensor[] => [...(cost ? [cost] : []), ...gradients.values()];

/**
 * Checks that J and its gradients are finite.
 * @param weights the trained weights: the error says whether they have grown too large
 * @example
 * await checkFinite({ cost: tf.scalar(0.3), gradients: new Map([['0-Dense/kernel', tf.ones([4, 8])]]) }, at);
 * @throws PluginError if they are not; it names the affected gradients
 */
export async function checkFinite(step: Measured, at: Moment, weights: readonly Weight[] = []): Promise<void> {
  const sum = finiteness(all(step));
  try {
    if ((await sum.data()).every(Number.isFinite)) return;
    const values = async (tensors: Named): Promise<NamedValues> =>
      Promise.all([...tensors].map(async ([path, t]) => [path, await t.data()] as const));
    throw errorOf(await step.cost?.data(), await values(step.gradients), await values(trainedAmong(weights, step)), at);
  } finally {
    sum.dispose();
  }
}

/** The check for a synchronous step, which cannot wait. */
export class FiniteWatch {
  /** The step whose numbers were not finite, as a slow backend reported too late. */
  #late: number | undefined;
  #reading = false;

  /**
   * Checks before the update if reading a number does not wait for a device. Otherwise it makes one read at a time, and a step that was not finite is
   * reported at the next check.
   * @throws PluginError
   */
  check(step: Measured, at: Moment, weights: readonly Weight[] = []): void {
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) throw new PluginError(messages.wasNotFinite(late));
    if (readsAtOnce()) checkNow(step, at, weights);
    else if (!this.#reading) this.#checkLater(step, at.step);
  }

  #checkLater(step: Measured, index: number): void {
    this.#reading = true;
    const sum = tf.keep(finiteness(all(step)));
    const done = (finite: boolean): void => {
      if (!finite) this.#late = index;
      this.#reading = false;
      sum.dispose();
    };
    // a lost device is reported by the code that waits for it
    sum.data().then(
      values => done(values.every(Number.isFinite)),
      () => done(true),
    );
  }
}

function checkNow(step: Measured, at: Moment, weights: readonly Weight[]): void {
  const finite = tf.tidy(() => finiteness(all(step)).dataSync().every(Number.isFinite));
  if (finite) return;
  const values = (tensors: Named): NamedValues => [...tensors].map(([path, t]) => [path, t.dataSync()]);
  throw errorOf(step.cost?.dataSync(), values(step.gradients), values(trainedAmong(weights, step)), at);
}

type Named = Iterable<readonly [path: string, tensor: tf.Tensor]>;

/** Only trained weights, since statistics such as batch norm's may be as large as the data. */
const trainedAmong = (weights: readonly Weight[], { gradients }: Measured): Named =>
  weights.filter(({ path }) => gradients.has(path)).map(({ path, variable }) => [path, variable]);

/** Whether the backend computes on the thread of this code. */
const readsAtOnce = (): boolean => ['cpu', 'wasm', 'tensorflow'].includes(tf.getBackend());

type Values = ArrayLike<number>;
type NamedValues = readonly (readonly [path: string, values: Values])[];

function errorOf(cost: Values | undefined, gradients: NamedValues, weights: NamedValues, at: Moment): PluginError {
  const [J = 0] = Array.from(cost ?? []);
  if (!Number.isFinite(J)) return new PluginError(messages.costNotFinite(J, at.step, epochOf(at)));
  const bad = gradients.filter(([, values]) => !Array.from(values).every(Number.isFinite)).map(([path]) => path);
  const grown = grownAmong('a weight', weights) ?? grownAmong('a number of the gradient', gradients);
  return new PluginError(messages.gradientNotFinite(bad, at.step, epochOf(at), grown));
}

/** The size at which a product of four numbers overflows: 4e9, or 16 in half precision. Healthy weights and gradients are far below. */
const large = (): number => (hasHalfPrecision() ? 65_504 : 3.4e38) ** (1 / 4);

/** The largest finite number, in words, if it exceeds `large`. */
function grownAmong(what: string, values: NamedValues): string | undefined {
  let largest = { size: 0, path: '' };
  for (const [path, numbers] of values) {
    for (const number of Array.from(numbers)) {
      const size = Math.abs(number);
      if (size > largest.size && size < Number.POSITIVE_INFINITY) largest = { size, path };
    }
  }
  return largest.size > large() ? `${what} of ${largest.path} is ${largest.size.toExponential(1)}` : undefined;
}

/** The epoch; undefined if stock fit does not know it. */
function epochOf(at: Moment): number | undefined {
  try {
    return at.epoch;
  } catch {
    return undefined;
  }
}
