/** Checks whether data can be trained on: arrays before training starts, streams before each update. */

import { DataError, type Tensors } from '@keepprob/core';
import { ownValue } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import { type OwnedBatch, tensorOf } from './arrays.ts';
import { checkClasses } from './classes.ts';
import type { LabelSlot, Layout, Slot } from './layout.ts';

type Size = number | null;

const fits = (shape: readonly number[], wanted: readonly Size[]): boolean =>
  shape.length === wanted.length && wanted.every((size, axis) => axis === 0 || size === null || size === shape[axis]);

/** [n] is treated as [n, 1], as in TF.js. */
const isColumn = (shape: readonly number[], wanted: readonly Size[]): boolean =>
  shape.length === 1 && wanted.length === 2 && wanted[1] === 1;

const written = (shape: readonly Size[]): string =>
  `[${shape.map((size, axis) => (axis === 0 ? 'rows' : (size ?? 'any')))}]`;

function checkInputs(what: string, tensors: Tensors, slots: readonly Slot[]): void {
  for (const { name, shape: wanted } of slots) {
    const { shape } = tensorOf(tensors, name);
    if (fits(shape, wanted) || isColumn(shape, wanted)) continue;
    throw DataError.of(`${what} "${name}"`, `shape ${written(wanted)}`, `[${shape}]`);
  }
}

function checkLabels(what: string, tensors: Tensors, slots: readonly LabelSlot[]): void {
  for (const slot of slots) {
    const { shape } = tensorOf(tensors, slot.name);
    const one = [...slot.shape.slice(0, -1), 1];
    const accepted = slot.sparse
      ? fits(shape, one) || fits(shape, one.slice(0, -1))
      : fits(shape, slot.shape) || isColumn(shape, slot.shape);
    if (accepted) continue;
    const expected = `shape ${written(slot.sparse ? one : slot.shape)}${advice(shape, slot)}`;
    throw DataError.of(`${what} "${slot.name}"`, expected, `[${shape}]`);
  }
}

/** A hint about the likely mistake if the labels do not have the shape of the output. */
function advice(shape: readonly number[], { shape: wanted, sparse, lossName }: LabelSlot): string {
  const [units, last] = [wanted.at(-1), shape.at(-1)];
  if (sparse && shape.length === wanted.length) return " (one-hot labels go with the loss 'categoricalCrossentropy')";
  const isInteger = shape.length === 1 || last === 1;
  if (lossName === 'categoricalCrossentropy' && isInteger)
    return " (integer labels go with the loss 'sparseCategoricalCrossentropy', or through tf.oneHot)";
  if (shape.length !== wanted.length || isInteger || !/crossentropy/i.test(lossName ?? '')) return '';
  return `: the output has ${units} unit${units === 1 ? '' : 's'}, the labels have ${last} classes`;
}

function checkRows(what: string, batch: OwnedBatch): void {
  if (batch.rows === 0) throw DataError.of(what, 'at least one row', 'none');
  for (const [kind, tensors] of Object.entries({ x: batch.x, y: batch.y, sampleWeight: batch.sampleWeight ?? {} })) {
    for (const [name, tensor] of Object.entries(tensors)) {
      if (tensor.shape[0] === batch.rows) continue;
      const expected = `${batch.rows} rows, as many as x has`;
      throw DataError.of(`${what}: ${kind} "${name}"`, expected, `${tensor.shape[0] ?? 0}`);
    }
  }
}

/** Accepts [rows], or further axes of the labels except the last: for example a weight for each time step, 0 for padding. */
function checkWeights(what: string, weights: Tensors, outputs: readonly Slot[]): void {
  for (const { name, shape: labels } of outputs) {
    const shape = ownValue(weights, name)?.shape;
    const wanted = labels.slice(0, -1);
    if (!shape || shape.length === 1) continue;
    if (shape.length >= 1 && shape.length <= wanted.length && fits(shape, wanted.slice(0, shape.length))) continue;
    throw DataError.of(`${what} "${name}"`, `shape [rows] or ${written(wanted)}`, `[${shape}]`);
  }
}

/** Accepts numbers, and strings for inputs that take strings. */
function checkTypes(what: string, kind: string, tensors: Tensors, slots: readonly Slot[]): void {
  for (const { name, dtype } of slots) {
    const given = ownValue(tensors, name)?.dtype;
    if (given === undefined || (given !== 'string' && given !== 'complex64')) continue;
    if (kind === 'x' && given === dtype) continue;
    throw DataError.of(`${what}: ${kind} "${name}"`, 'numbers', given === 'string' ? 'strings' : 'complex numbers');
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
  for (const kind of ['x', 'y', 'sampleWeight'] as const)
    checkTypes(what, kind, batch[kind] ?? {}, kind === 'x' ? layout.inputs : layout.outputs);
  checkInputs(`${what}: x`, batch.x, layout.inputs);
  checkLabels(`${what}: y`, batch.y, layout.outputs);
  checkWeights(`${what}: sampleWeight`, batch.sampleWeight ?? {}, layout.outputs);
  for (const kind of ['x', 'y', 'sampleWeight'] as const) await checkFinite(what, kind, batch[kind] ?? {});
  await checkClasses(`${what}: y`, batch, layout.outputs);
}
