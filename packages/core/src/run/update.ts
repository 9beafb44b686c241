/** The update, through its doors: `gradients` → `beforeUpdate` → weight decay → optimizer → `afterUpdate`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Coefficients, Gradients, Hooks, Moment, StepResult, Weight } from '../contract.ts';
import { applyUpdates } from '../optimizer/optimizers.ts';

/** What an update works with: the same for a whole run. */
export interface UpdateOptions {
  readonly hooks: Hooks;
  readonly weights: readonly Weight[];
  readonly optimizer: tf.Optimizer;
}

/** Disposes the gradients, whatever happens. */
export function update(
  { hooks, weights, optimizer }: UpdateOptions,
  { gradients, l2 }: Pick<StepResult, 'gradients' | 'l2'>,
  at: Moment,
): void {
  try {
    tf.tidy(() => {
      const updated = weights.filter(({ path }) => gradients.has(path));
      // a plugin that changes gradients sees all of them; one that changes weights must not change their L2 gradients
      const early = hooks.gradients !== undefined || hooks.beforeUpdate !== undefined;
      const whole = early ? withL2(gradients, updated, l2) : gradients;
      const final = hooks.gradients ? hooks.gradients(whole, updated, at) : whole;
      hooks.beforeUpdate?.(updated, at);
      const decay = hooks.weightDecay?.(updated, at);
      applyUpdates(
        optimizer,
        updated.flatMap(({ variable, path }) => {
          const gradient = final.get(path);
          const late = early ? 0 : 2 * (l2.get(path) ?? 0);
          return gradient
            ? [{ variable, gradient, l2: late, keep: 1 - at.learningRate * (decay?.get(path) ?? 0) }]
            : [];
        }),
      );
      hooks.afterUpdate?.(updated, at);
    });
  } finally {
    tf.dispose([...gradients.values()]);
  }
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
