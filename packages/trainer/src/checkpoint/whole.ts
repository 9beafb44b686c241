/** Checks that a checkpoint is complete, before any part of it is restored. */

import { CheckpointError } from './errors.ts';
import { isRecord } from './is.ts';
import { manifestOf } from './manifest.ts';
import * as messages from './messages.ts';
import type { Checkpoint, Manifest } from './parts.ts';
import { checkTensor, type StoredTensor } from './safetensors.ts';

/** Prefixes of the names of tensors that are not weights. */
export const OPTIMIZER = 'optimizer/';
export const PLUGINS = 'plugins/';
/** The name of an optimizer slot; its group is the path of the weight. */
const SLOT = new RegExp(`^${OPTIMIZER}[^/]+/(.+)$`);

/** Shape and dtype of a weight, as written in a manifest. */
export const described = ({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: string }): string =>
  `[${shape}] ${dtype}`;

/** @throws CheckpointError `damaged` if a weight in the manifest is missing or has another shape, or if a slot belongs to no weight */
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

/** @throws CheckpointError for anything that is not a complete checkpoint */
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
