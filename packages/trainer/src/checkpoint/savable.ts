/** Finds state that a checkpoint cannot hold, and that would therefore be different in a resumed run. */
import { OptionError } from '@keepprob/core';
import { hasPrivateFields, unsavedFields } from '@keepprob/core/driver';
import { layerTree, noiseOf, type Place } from '@keepprob/core/layers';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { type LayersModel, RNN } from '@tensorflow/tfjs-layers';
import { CheckpointError } from './errors.ts';
import * as messages from './messages.ts';

/**
 * Checks before the first update that the run can be saved.
 * @throws OptionError for layers that keep state between batches; CheckpointError for an optimizer whose state cannot be saved
 */
export function checkSavable(model: LayersModel, optimizer: Optimizer, warn = console.warn): void {
  const places = layerTree(model);
  refuse(messages.stateful, named(places.filter(({ layer }) => layer.stateful)));
  refuse(messages.remembersMask, named(places.filter(keepsItsMask(places))));
  checkMemory(optimizer);
  if (hasPrivateFields(optimizer)) warn(messages.privateMemory(optimizer.getClassName()));
}

/** @throws CheckpointError for an optimizer with fields that cannot be saved */
export function checkMemory(optimizer: Optimizer): void {
  const fields = unsavedFields(optimizer);
  if (fields.length) throw new CheckpointError('unsavable', messages.optimizerMemory(optimizer.getClassName(), fields));
}

function refuse(message: (names: readonly string[]) => string, names: readonly string[]): void {
  if (names.length) throw new OptionError(message(names), { option: 'checkpoint', received: names });
}

const named = (places: readonly Place[]): string[] => [...new Set(places.map(({ name }) => `"${name}"`))];

/**
 * A cell draws its mask when it has none. TF.js' recurrent layers clear it before each call (tfjs-layers 4.22); `tf.layers.rnn` does not, so its cells keep the mask
 * of the first batch for the life of the process.
 */
const keepsItsMask =
  (places: readonly Place[]) =>
  ({ layer, path }: Place): boolean => {
    if (!('dropoutMask' in layer) || !noiseOf(layer).some(({ isOn }) => isOn)) return false;
    const holder = places.findLast(place => place.layer instanceof RNN && path.startsWith(`${place.path}/`));
    return holder?.layer.getClassName() === 'RNN';
  };
