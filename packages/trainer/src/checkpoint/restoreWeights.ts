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
 * Gives a model the weights of a checkpoint, statistics included, and nothing else of it.
 * @example
 * const store = memoryStore();
 * await fit(model, { x, y }, { ...options, validation, checkpoint: { store, best: 'valLoss' } });
 * restoreWeights(model, await checkpoints(store).best());
 * @throws CheckpointError, before anything changes, for a checkpoint of another model or one that is not whole, and where there is none; OptionError for what is
 * no built LayersModel
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
