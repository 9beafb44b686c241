/** A training plugin around the step: more than one pass for an update. */
import type { Template } from './template.ts';

export const step: Template = {
  what: 'extra-gradient steps: the gradient is taken where a step would lead',
  formula: 'the gradient at w − ρ g, g the gradient at w',
  isLayer: false,
  options: [
    ['rho', '0.1', 'ρ ≥ 0: how far ahead the gradient is taken; may be a schedule'],
    ['where', 'all', 'which weights are moved'],
  ],
  source: ({
    factory,
    options,
  }) => `import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of \`${factory}\`. */
export interface ${options} {
  /** ρ ≥ 0: how far ahead the gradient is taken; 0.1 by default. May be a schedule. */
  readonly rho?: Varying;
  /** Which weights are moved; all by default. */
  readonly where?: WeightFilter;
}

/**
 * Extra-gradient (Korpelevich 1976): the gradient of the update is taken at w − ρ g, g the gradient at w; the weights are back before the update. Two passes
 * per update, on the same masks. In \`fit\` only.
 * @throws OptionError for a negative ρ
 */
export const ${factory} = definePlugin<${options}, 'rho'>({
  name: '${factory}',
  shorthand: 'rho',
  options: { rho: option.varying({ min: 0, fallback: 0.1 }), where: whereOption(() => true) },
  setup: ({ rho, where }) => ({
    // inner is the forward and backward pass; called again, it repeats the same draws
    step(inner, batch, weights, at) {
      const here = inner(batch);
      const moved = weights.filter(where).flatMap(({ path, variable }) => {
        const gradient = here.gradients.get(path);
        return gradient ? [{ variable, w: tf.clone(variable), gradient }] : [];
      });
      try {
        for (const { variable, w, gradient } of moved) variable.assign(tf.sub(w, tf.mul(valueAt(rho, at), gradient)));
        return { ...here, gradients: inner(batch).gradients };
      } finally {
        for (const { variable, w } of moved) variable.assign(w);
      }
    },
  }),
});
`,
  test: ({ factory }) => `import '@tensorflow/tfjs';
import { conformance } from '@keepprob/testing';
import { describe, it } from 'vitest';
import { ${factory} } from '../src/index.js';

conformance(
  { describe, it },
  {
    kind: 'training',
    name: '${factory}',
    create: ${factory},
    options: { rho: 0.1 },
    variants: [{ rho: 0.3 }], // each must make a difference
    bad: [{ options: { rho: -1 }, option: 'rho' }], // each must be refused
  },
);
`,
  usage: ({ factory }) => `await fit(model, { x, y }, {
  loss: 'categoricalCrossentropy', optimizer: 'adam', epochs: 20, plugins: [${factory}(0.1)],
});`,
};
