/** A training plugin: a penalty on weights. */
import type { Template } from './template.ts';

export const training: Template = {
  what: 'a smooth L1 penalty on weights',
  formula: 'J gains λ Σ √(w² + ε²) − ε',
  isLayer: false,
  options: [
    ['strength', '', 'λ ≥ 0; may be a schedule'],
    ['epsilon', '0.01', 'ε > 0: below it the penalty is like L2, above it like L1'],
    ['where', 'kernels', 'which weights'],
  ],
  source: ({
    factory,
    options,
  }) => `import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of \`${factory}\`. */
export interface ${options} {
  /** λ ≥ 0; may be a schedule. */
  readonly strength: Varying;
  /** ε > 0: below it the penalty is like L2, above it like L1; 0.01 by default. */
  readonly epsilon?: number;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/** Σ √(w² + ε²) − ε, rank 0. */
export const smoothSum = (w: tf.Tensor, epsilon: number): tf.Scalar =>
  tf.sum(tf.sub(tf.sqrt(tf.add(tf.square(w), epsilon ** 2)), epsilon));

/**
 * A smooth L1 penalty: J gains λ Σ √(w² + ε²) − ε, over kernels.
 * @throws OptionError for a negative λ, or an ε that is not above 0
 */
export const ${factory} = definePlugin<${options}, 'strength'>({
  name: '${factory}',
  shorthand: 'strength',
  options: {
    strength: option.varying({ min: 0 }),
    epsilon: option.number({ above: 0, fallback: 0.01 }),
    where: whereOption(),
  },
  // runs once for each training; hooks run inside tf.tidy, and use functional operations only
  setup: ({ strength, epsilon, where }) => ({
    penalty(weights, at) {
      const terms = weights.filter(where).map(({ variable }) => smoothSum(variable, epsilon));
      return tf.mul(valueAt(strength, at), terms.reduce<tf.Tensor>((sum, term) => tf.add(sum, term), tf.scalar(0)));
    },
  }),
});
`,
  test: ({ factory }) => `import '@tensorflow/tfjs';
import { conformance } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ${factory}, smoothSum } from '../src/index.js';

describe('smoothSum', () => {
  it('is Σ √(w² + ε²) − ε', async () => {
    const [sum] = await smoothSum(tf.tensor1d([3, -4, 0]), 0.5).data();
    expect(sum).toBeCloseTo(Math.sqrt(9.25) + Math.sqrt(16.25) + 0.5 - 1.5, 5);
  });
});

conformance(
  { describe, it },
  {
    kind: 'training',
    name: '${factory}',
    create: ${factory},
    weights: true, // biases and gains must be left alone
    options: { strength: 0.1 },
    variants: [{ strength: 0.2 }, { strength: 0.1, epsilon: 0.5 }], // each must make a difference
    bad: [
      { options: { strength: -1 }, option: 'strength' },
      { options: { strength: 0.1, epsilon: 0 }, option: 'epsilon' },
    ],
  },
);
`,
  usage: ({ factory }) => `await fit(model, { x, y }, {
  loss: 'categoricalCrossentropy', optimizer: 'adam', epochs: 20, plugins: [${factory}(1e-4)],
});`,
};
