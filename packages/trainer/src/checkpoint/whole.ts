/** Whether a checkpoint is whole. Asked before anything of it is put anywhere. */

import { CheckpointError } from './errors.ts';
import { isRecord } from './is.ts';
import { manifestOf } from './manifest.ts';
import * as messages from './messages.ts';
import type { Checkpoint, Manifest } from './parts.ts';
import { checkTensor, type StoredTensor } from './safetensors.ts';

/** What the tensors of a checkpoint that are no weights are called by. */
export const OPTIMIZER = 'optimizer/';
export const PLUGINS = 'plugins/';
/** A slot of an optimizer: of which weight. */
const SLOT = new RegExp(`^${OPTIMIZER}[^/]+/(.+)$`);

/** Shape and dtype of a weight, as a manifest says them. */
export const described = ({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: string }): string =>
  `[${shape}] ${dtype}`;

/** @throws CheckpointError `damaged` where a weight that the manifest names is missing or of another shape, or a slot is of none of them */
export function checkWhole(manifest: Manifest, tensors: Checkpoint['tensors']): void {
  const damaged = (reason: string): never => {
    throw new CheckpointError('damaged', messages.notWhole(reason));
  };
  for (const [path, expected] of Object.entries(manifest.weights)) {
    const tensor = Object.hasOwn(tensors, path) ? tensors[path] : undefined;
    if (!tensor) damaged(`the weight "${path}" is missing`);
    else if (described(tensor) !== expected) damaged(`the weight "${path}" is ${described(tensor)}, not ${expected}`);
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    const path = SLOT.exec(name)?.[1];
    if (path === undefined) continue;
    const owner = Object.hasOwn(manifest.weights, path) ? tensors[path] : undefined;
    if (!owner) damaged(`"${name}" belongs to no weight`);
    else if (`${owner.shape}` !== `${tensor.shape}`) {
      damaged(`"${name}" has the shape [${tensor.shape}], its weight [${owner.shape}]`);
    }
  }
}

/** @throws CheckpointError for what is not a checkpoint, or not a whole one */
export function checkCheckpoint(value: unknown): asserts value is Checkpoint {
  if (!isRecord(value) || !isRecord(value.tensors) || !isRecord(value.manifest)) {
    throw new CheckpointError('foreign', messages.checkpointExpected(value));
  }
  const manifest = manifestOf(value.manifest);
  if (typeof manifest === 'string') throw new CheckpointError('damaged', messages.manifest(manifest));
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, tensor] of Object.entries(value.tensors)) {
    checkTensor(name, tensor);
    tensors[name] = tensor;
  }
  checkWhole(manifest, tensors);
}
