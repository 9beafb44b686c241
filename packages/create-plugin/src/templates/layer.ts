/** A layer plugin: noise on activations. */
import type { Template } from './template.ts';

export const layer: Template = {
  what: 'additive noise on activations',
  formula: 'y = x + ε, ε from N(0, stddev²), in training only',
  isLayer: true,
  options: [
    ['stddev', '', 'standard deviation ≥ 0; may be a schedule'],
    ['seed', 'the run’s', 'a seed for this layer alone'],
  ],
  source: ({ factory, options, className }) => `import { option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, register as registerLayers } from '@keepprob/core/layers';
import { firstElement, normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';

/** Options of \`${factory}\`. */
export interface ${options} {
  /** Standard deviation ≥ 0; may be a schedule. */
  readonly stddev: number | Schedule;
  /** A seed for this layer alone; by default it follows the run's. */
  readonly seed?: number | null;
}

/**
 * y = x + ε with ε from N(0, stddev²), fresh at every step, in training only.
 * @throws OptionError for a negative stddev
 */
export const ${factory} = defineLayer<${options}>({
  name: '${factory}',
  // in saved models
  className: '${className}',
  options: { stddev: option.schedule({ min: 0 }), seed: option.seed() },
  // what tools may say and do about it: switch it off, show it, measure it
  noise: { stddev: { strength: 'stddev', effect: 'adds', target: 'activations', unlike: 'it adds noise' } },
  // numbers are addressed by seed, step, layer and row: the same in every batch, worker and backend
  forward(x, { stddev }, at) {
    const scale = valueAt(stddev, at);
    return scale === 0 ? tf.clone(x) : tf.add(x, normalNoise(x.shape, at.key(), { scale, first: firstElement(x.shape, at.rows) }));
  },
});

/** Makes saved models with this layer loadable: call it before tf.loadLayersModel. */
export const register = (): void => registerLayers(${factory});
`,
  test: ({ factory }) => `import '@tensorflow/tfjs';
import { conformance } from '@keepprob/testing';
import { describe, it } from 'vitest';
import { ${factory}, register } from '../src/index.js';

conformance(
  { describe, it },
  {
    kind: 'layer',
    name: '${factory}',
    create: ${factory},
    register,
    inputShape: [6],
    options: { stddev: 0.5, seed: 7 },
    variants: [
      { stddev: 0.2, seed: 7 },
      { stddev: 0.5, seed: 8 },
    ], // each must make a difference
    bad: [
      { options: { stddev: -1 }, option: 'stddev' },
      { options: { stddev: 0.5, seed: -1 }, option: 'seed' },
    ],
  },
);
`,
  usage: ({ factory }) => `const model = tf.sequential();
model.add(tf.layers.dense({ units: 32, activation: 'relu', inputShape: [8] }));
model.add(${factory}({ stddev: 0.1 }));`,
};
