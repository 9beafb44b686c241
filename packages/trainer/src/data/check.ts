/** What data must be like to be trained on. Checked before anything happens; for streams, before each update. */

import { DataError, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { OwnedBatch } from './arrays.ts';
import type { Layout, Slot } from './layout.ts';

const fits = (shape: readonly number[], wanted: readonly (number | null)[]): boolean =>
  shape.length === wanted.length && wanted.every((size, axis) => axis === 0 || size === null || size === shape[axis]);

/** [n] stands for [n, 1], as in TF.js. */
const accepts = (shape: readonly number[], { shape: wanted, sparse }: Slot): boolean => {
  if (sparse) return fits(shape, [...wanted.slice(0, -1), 1]) || fits(shape, wanted.slice(0, -1));
  return fits(shape, wanted) || (shape.length === 1 && wanted.length === 2 && wanted[1] === 1);
};

const written = (shape: readonly (number | null)[]): string =>
  `[${shape.map((size, axis) => (axis === 0 ? 'rows' : (size ?? 'any')))}]`;

function checkShapes(what: string, tensors: Tensors, slots: readonly Slot[]): void {
  for (const slot of slots) {
    const tensor = tensors[slot.name] as tf.Tensor;
    if (accepts(tensor.shape, slot)) continue;
    const wanted = slot.sparse ? [...slot.shape.slice(0, -1), 1] : slot.shape;
    throw DataError.of(`${what} "${slot.name}"`, `shape ${written(wanted)}`, `[${tensor.shape}]`);
  }
}

function checkRows(what: string, batch: OwnedBatch): void {
  if (batch.rows === 0) throw DataError.of(what, 'at least one row', 'none');
  for (const [kind, tensors] of Object.entries({ x: batch.x, y: batch.y, sampleWeight: batch.sampleWeight ?? {} })) {
    for (const [name, tensor] of Object.entries(tensors)) {
      if (tensor.shape[0] !== batch.rows) {
        throw DataError.of(
          `${what}: ${kind} "${name}"`,
          `${batch.rows} rows, as many as x has`,
          `${tensor.shape[0] ?? 0}`,
        );
      }
    }
  }
}

/** [rows], or more of the axes of the labels before their last: a weight for each time step, say, 0 where there is padding. */
function checkWeights(what: string, weights: Tensors, outputs: readonly Slot[]): void {
  for (const [name, { shape }] of Object.entries(weights)) {
    const wanted = (outputs.find(o => o.name === name) as Slot).shape.slice(0, -1);
    if (shape.length >= 1 && shape.length <= Math.max(1, wanted.length) && fits(shape, wanted.slice(0, shape.length)))
      continue;
    if (shape.length === 1) continue;
    throw DataError.of(`${what} "${name}"`, `shape [rows] or ${written(wanted)}`, `[${shape}]`);
  }
}

async function checkFinite(what: string, kind: string, tensors: Tensors): Promise<void> {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== 'float32') continue;
    const finite = tf.tidy(() => tf.all(tf.isFinite(tensor)));
    const [ok] = await finite.data();
    finite.dispose();
    if (!ok) throw DataError.of(`${what}: ${kind} "${name}"`, 'finite numbers', 'NaN or Infinity among them');
  }
}

export async function checkBatch(what: string, batch: OwnedBatch, layout: Layout): Promise<void> {
  checkRows(what, batch);
  checkShapes(`${what}: x`, batch.x, layout.inputs);
  checkShapes(`${what}: y`, batch.y, layout.outputs);
  checkWeights(`${what}: sampleWeight`, batch.sampleWeight ?? {}, layout.outputs);
  for (const kind of ['x', 'y', 'sampleWeight'] as const) await checkFinite(what, kind, batch[kind] ?? {});
}
