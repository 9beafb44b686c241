/** Checks labels that are class numbers. */
import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { broadcastTo } from '../objective/weighting.ts';
import type { OwnedBatch } from './arrays.ts';
import type { LabelSlot } from './layout.ts';

/**
 * Integer labels must be 0 … n − 1 for the n units of the output; labels with class weights must lie between the first and the last weighted class. Labels of rows
 * and time steps with weight 0 may be anything.
 * @throws DataError for other labels, which TF.js would treat as rows with loss 0
 */
export async function checkClasses(what: string, batch: OwnedBatch, slots: readonly LabelSlot[]): Promise<void> {
  for (const slot of slots) {
    const classes = classesOf(slot);
    const y = batch.y[slot.name];
    if (classes === undefined || !y || isOneHot(y, slot)) continue;
    const found = await numbersIn(y, batch.sampleWeight?.[slot.name]);
    const { min, max, whole } = found;
    if (min >= 0 && max <= classes - 1 && (whole || !slot.sparse)) continue;
    throw DataError.of(`${what} "${slot.name}"`, expectedOf(slot, classes), receivedOf(found, slot, classes));
  }
}

const classesOf = ({ sparse, shape, weighed }: LabelSlot): number | undefined =>
  sparse ? (shape.at(-1) ?? undefined) : weighed;

const isOneHot = (y: tf.Tensor, { sparse, shape }: LabelSlot): boolean =>
  !sparse && y.rank === shape.length && (y.shape.at(-1) ?? 1) > 1;

/** The labels of rows with a nonzero weight. */
interface Numbers {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

async function numbersIn(y: tf.Tensor, weight: tf.Tensor | undefined): Promise<Numbers> {
  const found = tf.tidy(() => {
    const labels = tf.cast(y, 'float32');
    const zeros = tf.zerosLike(labels);
    const counts = weight && tf.broadcastTo(broadcastTo(tf.notEqual(weight, 0), y.rank), y.shape);
    const counted = counts ? tf.where(counts, labels, zeros) : labels;
    const fraction = tf.abs(tf.sub(counted, tf.round(counted)));
    return tf.stack([tf.min(counted), tf.max(counted), tf.max(fraction)]);
  });
  const [min = Number.NaN, max = Number.NaN, fraction = 0] = await found.data();
  found.dispose();
  return { min, max, whole: fraction === 0 };
}

const expectedOf = ({ sparse }: LabelSlot, classes: number): string =>
  sparse
    ? `class numbers 0 … ${classes - 1}, one for each of the ${units(classes)} of the output`
    : `labels between 0 and ${classes - 1}, the classes in classWeight`;

const units = (n: number): string => `${n} unit${n === 1 ? '' : 's'}`;

function receivedOf({ min, max, whole }: Numbers, { sparse }: LabelSlot, classes: number): string {
  if (sparse && !whole) return 'fractions among them';
  const range = `labels from ${min} to ${max}`;
  if (!sparse || min < 0) return range;
  return `${range}: ${units(classes)}, ${max - min + 1 > classes ? `${max + 1} classes` : `and no class ${max}; do the labels begin at ${min}?`}`;
}
