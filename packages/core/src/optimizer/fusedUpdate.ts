/**
 * Optimizer updates as one kernel per variable, where the backend has such kernels. A marked seam: reads and writes what the optimizers of
 * tfjs-core 4.22 keep, so that they save, load and go on without kernels as if their own operations had run.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_KERNEL, hasExtraKernel, MOMENTUM_KERNEL, runExtraKernel, SGD_KERNEL } from '../kernels.ts';
import type { Slot } from './optimizerSlots.ts';

/** One trained variable in one update: its gradient is `gradient` + l2 · w, and it is multiplied by `keep` before. */
export interface Update {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly l2: number;
  readonly keep: number;
}

/** By position: the variables that an optimizer has met, and what happens to them now. */
type Updates = readonly { readonly name: string; readonly update: Update | undefined }[];

/** Slots for all of the list, zero at first. */
function slotsOf(slots: Slot[], list: Updates, suffix: string): readonly tf.Variable[] {
  return list.map(({ name }, i) => {
    slots[i] ??= {
      originalName: `${name}/${suffix}`,
      variable: tf.tidy(() => tf.variable(tf.zerosLike(tf.engine().registeredVariables[name]!), false)),
    };
    return slots[i].variable;
  });
}

/** Runs the kernel for each variable of the list and gives it and its slots their new values. */
function updateAll(
  kernel: string,
  list: Updates,
  slots: Readonly<Record<string, readonly tf.Variable[]>>,
  attrs: object,
): void {
  list.forEach(({ update }, i) => {
    if (!update) return;
    const { variable, gradient, l2, keep } = update;
    const variables = { w: variable, ...Object.fromEntries(Object.entries(slots).map(([k, v]) => [k, v[i]!])) };
    const results = runExtraKernel<tf.Tensor[]>(kernel, { ...variables, g: gradient }, { ...attrs, l2, keep })!;
    Object.values(variables).forEach((v, j) => {
      v.assign(results[j] as tf.Tensor<tf.Rank>);
    });
    tf.dispose(results);
  });
}

interface Sgd {
  readonly learningRate: number;
}
interface Momentum extends Sgd {
  readonly momentum: number;
  readonly useNesterov: boolean;
  readonly accumulations: Slot[];
}
interface Adam extends Sgd {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accumulatedFirstMoment: Slot[];
  readonly accumulatedSecondMoment: Slot[];
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
}

/** The optimizers that have a kernel. A subclass may do anything in its updates: it does them itself. */
const fused = new Map<unknown, { readonly kernel: string; run(optimizer: never, list: Updates): void }>([
  [
    tf.SGDOptimizer,
    {
      kernel: SGD_KERNEL,
      run: ({ learningRate: rate }: Sgd, list: Updates) => updateAll(SGD_KERNEL, list, {}, { rate }),
    },
  ],
  [
    tf.MomentumOptimizer,
    {
      kernel: MOMENTUM_KERNEL,
      run({ learningRate: rate, momentum: mu, useNesterov: nesterov, accumulations }: Momentum, list: Updates) {
        updateAll(MOMENTUM_KERNEL, list, { v: slotsOf(accumulations, list, 'momentum') }, { rate, mu, nesterov });
      },
    },
  ],
  [
    tf.AdamOptimizer,
    {
      kernel: ADAM_KERNEL,
      run(optimizer: Adam, list: Updates) {
        const { learningRate: rate, beta1, beta2, epsilon, accBeta1, accBeta2 } = optimizer;
        const [power1, power2] = [accBeta1, accBeta2].map(v => v.dataSync()[0] as number) as [number, number];
        const m = slotsOf(optimizer.accumulatedFirstMoment, list, 'm');
        const v = slotsOf(optimizer.accumulatedSecondMoment, list, 'v');
        const attrs = { rate, beta1, beta2, correction1: 1 - power1, correction2: 1 - power2, epsilon };
        updateAll(ADAM_KERNEL, list, { m, v }, attrs);
        tf.tidy(() => {
          accBeta1.assign(tf.mul(accBeta1, beta1));
          accBeta2.assign(tf.mul(accBeta2, beta2));
        });
      },
    },
  ],
]);

/** Does the update and returns true, or does nothing and returns false: where there is no kernel for it. */
export function fusedUpdate(optimizer: tf.Optimizer, list: Updates): boolean {
  const own = fused.get(optimizer.constructor);
  if (!own || !hasExtraKernel(own.kernel)) return false;
  const floats = list.every(
    ({ update: u }) => !u || (u.variable.dtype === 'float32' && u.gradient.dtype === 'float32'),
  );
  if (!floats) return false;
  own.run(optimizer as never, list);
  (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
  return true;
}
