/**
 * Optimizer updates as one kernel per variable, if the backend has such kernels. A marked seam: reads and writes the state of the optimizers of
 * tfjs-core 4.22, so that they save, load and continue without kernels as if their own operations had run.
 */
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_KERNEL, hasExtraKernel, MOMENTUM_KERNEL, runExtraKernel, SGD_KERNEL } from '../kernels.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import type { Slot } from './optimizerSlots.ts';

/** One trained variable in one update: its gradient is `gradient` + l2 · w, and it is multiplied by `keep` before the update. */
export interface Update {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly l2: number;
  readonly keep: number;
}

/** By position: the variables that an optimizer has seen, each with its current update, if any. */
type Updates = readonly { readonly name: string; readonly update: Update | undefined }[];

/** One kind of slot: the optimizer's list, and the suffix that TF.js uses in their names. */
type Kind = readonly [slots: Slot[], suffix: string];

/** The slot at a position, initially zero. */
function slotAt([slots, suffix]: Kind, i: number, name: string): tf.Variable {
  const known = slots[i];
  if (known) return known.variable;
  const owner = tf.engine().registeredVariables[name];
  if (!owner) throw new PluginError(messages.optimizerVariable(name));
  const variable = tf.tidy(() => tf.variable(tf.zerosLike(owner), false));
  slots[i] = { originalName: `${name}/${suffix}`, variable };
  return variable;
}

/** Runs the kernel for each variable of the list and assigns the new values to it and its slots. Every variable of the list has slots. */
function updateAll(kernel: string, list: Updates, kinds: Readonly<Record<string, Kind>>, attrs: object): void {
  for (const [i, { name, update }] of list.entries()) {
    const slots = Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, slotAt(kind, i, name)]));
    if (!update) continue;
    const { variable, gradient, l2, keep } = update;
    const inputs = { w: variable, ...slots, g: gradient };
    const results = runExtraKernel<tf.Tensor[]>(kernel, inputs, { ...attrs, l2, keep }) ?? [];
    const targets = [variable, ...Object.values(slots)];
    for (const [j, result] of results.entries()) targets[j]?.assign(result as tf.Tensor<tf.Rank>);
    tf.dispose(results);
  }
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

/** The optimizers that have a kernel. Subclasses are not included, since they may do anything in their updates. */
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
        updateAll(MOMENTUM_KERNEL, list, { v: [accumulations, 'momentum'] }, { rate, mu, nesterov });
      },
    },
  ],
  [
    tf.AdamOptimizer,
    {
      kernel: ADAM_KERNEL,
      run(optimizer: Adam, list: Updates) {
        const { learningRate: rate, beta1, beta2, epsilon, accBeta1, accBeta2 } = optimizer;
        const [[power1 = 1], [power2 = 1]] = [accBeta1.dataSync<'float32'>(), accBeta2.dataSync<'float32'>()];
        const m: Kind = [optimizer.accumulatedFirstMoment, 'm'];
        const v: Kind = [optimizer.accumulatedSecondMoment, 'v'];
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

/** Does the update and returns true, or does nothing and returns false if there is no kernel for it. */
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
