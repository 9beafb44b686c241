/** The update with its hooks: `gradients` → `beforeUpdate` → weight decay → optimizer → `afterUpdate`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Coefficients, Gradients, Hooks, Moment, StepResult, Weight } from '../contract.ts';
import { applyUpdates } from '../optimizer/optimizers.ts';
import type { Known } from './known.ts';

/** The parts of an update that stay the same for a whole run. */
export interface UpdateOptions {
  readonly hooks: Hooks;
  readonly known: Pick<Known, 'weights' | 'others'>;
  readonly optimizer: tf.Optimizer;
}

/** Always disposes the gradients, even after an error. */
export function update(
  { hooks, known, optimizer }: UpdateOptions,
  { gradients, l2 }: Pick<StepResult, 'gradients' | 'l2'>,
  at: Moment,
): void {
  try {
    tf.tidy(() => {
      const { own, updated, others } = sorted(gradients, known);
      // a plugin that changes gradients sees them with their L2 terms; one that changes weights must not change their L2 gradients
      const early = hooks.gradients !== undefined || hooks.beforeUpdate !== undefined;
      const whole = early ? withL2(own, updated, l2) : own;
      const final = hooks.gradients ? hooks.gradients(whole, updated, at) : whole;
      hooks.beforeUpdate?.(updated, at);
      const decay = hooks.weightDecay?.(updated, at);
      const regularized = updated.flatMap(({ variable, path }) => {
        const gradient = final.get(path);
        const late = early ? 0 : 2 * (l2.get(path) ?? 0);
        return gradient ? [{ variable, gradient, l2: late, keep: 1 - at.learningRate * (decay?.get(path) ?? 0) }] : [];
      });
      applyUpdates(optimizer, [...regularized, ...others]);
      hooks.afterUpdate?.(updated, at);
    });
  } finally {
    tf.dispose([...gradients.values()]);
  }
}

/** Separates the gradients of the model's weights, which plugins see, from the updates of other variables, which they do not see. */
function sorted(gradients: Gradients, { weights, others }: UpdateOptions['known']) {
  const updated = weights.filter(({ path }) => gradients.has(path));
  const strangers = [...others].flatMap(({ variable, path }) => {
    const gradient = gradients.get(path);
    return gradient ? [{ variable, gradient, l2: 0, keep: 1, path }] : [];
  });
  const foreign = new Set(strangers.map(({ path }) => path));
  const own = foreign.size ? new Map([...gradients].filter(([path]) => !foreign.has(path))) : gradients;
  return { own, updated, others: strangers };
}

/** g + 2 λ w, by path. */
function withL2(gradients: Gradients, updated: readonly Weight[], l2: Coefficients): Gradients {
  const variables = new Map(updated.map(w => [w.path, w.variable]));
  return new Map(
    [...gradients].map(([path, gradient]) => {
      const [variable, lambda] = [variables.get(path), l2.get(path) ?? 0];
      return [path, variable && lambda !== 0 ? tf.add(gradient, tf.mul(variable, 2 * lambda)) : gradient];
    }),
  );
}
