import { weightsOf } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CheckpointError } from './errors.ts';
import { compare } from './identity/differences.ts';
import { shapesOf } from './identity/identity.ts';
import * as messages from './messages.ts';
import type { Checkpoint } from './parts.ts';
import { assignWeights } from './storedTensors.ts';
import { checkCheckpoint } from './whole.ts';

/**
 * Sets the weights of a model, including statistics, to those of a checkpoint. Restores nothing else.
 * @example
 * const store = memoryStore();
 * await fit(model, { x, y }, { ...options, validation, checkpoint: { store, best: 'valLoss' } });
 * restoreWeights(model, await checkpoints(store).best());
 * @throws CheckpointError, before anything changes, if the checkpoint belongs to another model, is incomplete, or is undefined; OptionError if `model`
 * is not a built LayersModel
 */
export function restoreWeights(model: LayersModel, checkpoint: Checkpoint | undefined): void {
  checkModel(model, 'restoreWeights');
  if (!checkpoint) throw new CheckpointError('missing', messages.missing());
  checkCheckpoint(checkpoint);
  const weights = weightsOf(model);
  const found = compare('', checkpoint.manifest.weights, shapesOf(weights));
  if (found.length) throw new CheckpointError('different', messages.differentModel(found));
  tf.tidy(() => assignWeights(weights, checkpoint));
}
