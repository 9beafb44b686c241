/** Finds objectives that cannot be trained, or only in vain, before training starts. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassWeights } from '../classWeights.ts';
import * as messages from '../messages.ts';
import type { Objective, Target } from './losses.ts';
import { reachOfMasks } from './masks.ts';
import { checkPerSample } from './weighting.ts';

/** Weights in the loss. */
interface Weights {
  readonly classWeight: ClassWeights;
  /** Whether rows have weights. */
  readonly isWeighed: boolean;
}

/**
 * Warns of a loss that is constant, and of masks that do not reach it.
 * @throws OptionError for a loss that does not return a number per row although rows have weights
 */
export function checkAims(model: LayersModel, { targets }: Objective, { classWeight, isWeighed }: Weights): void {
  for (const { name } of reachOfMasks(model).ends) console.warn(messages.maskEnds(name));
  for (const [i, target] of targets.entries()) {
    const { name, lossName } = target;
    const shape = model.outputs[i]?.shape ?? [];
    if (shape.at(-1) === 1 && lossName === 'categoricalCrossentropy') console.warn(messages.oneUnit(name, lossName));
    if ((isWeighed || classWeight[i]) && lossName === undefined) tryLoss(target, shape);
  }
}

/** The number of rows on which a user's function is tried. */
const ROWS = 3;

function tryLoss(target: Target, shape: readonly (number | null)[]): void {
  tf.tidy(() => {
    const ones = tf.ones(shape.map((size, axis) => (axis === 0 ? ROWS : (size ?? 1))));
    let value: tf.Tensor;
    try {
      value = target.loss(ones, ones);
    } catch {
      // it may need labels of another shape; the first batch will show
      return;
    }
    checkPerSample('fit', 'loss', target, value, [ROWS]);
  });
}
