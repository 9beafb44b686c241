/** Tile, which the gradient of batch norm uses to repeat statistics over every pixel. */
import { util } from '@tensorflow/tfjs-core';
import { type Kernel, sizeOf } from './kernel.ts';

interface Repeat {
  readonly outer: number;
  readonly bytes: number;
  readonly times: number;
}

/** Tiling as repetitions of blocks, from the last axis to the first; axes of size 1 before a repeated one repeat with it. */
export function repeats(shape: readonly number[], reps: readonly number[], bytesPerElement: number): Repeat[] {
  const steps: Repeat[] = [];
  let bytes = bytesPerElement;
  /** The step of the next inner axis, if that has size 1. */
  let point: Repeat | undefined;
  const axes = shape.map((size, axis) => ({ size, times: reps[axis] ?? 1, outer: sizeOf(shape.slice(0, axis)) }));
  for (const { size, times, outer } of axes.reverse()) {
    bytes *= size;
    const joined = size === 1 ? point : undefined;
    if (joined) steps.pop();
    const repeat = joined ? { ...joined, outer, times: joined.times * times } : { outer, bytes, times };
    if (repeat.times > 1) steps.push(repeat);
    point = size === 1 && repeat.times > 1 ? repeat : undefined;
    bytes *= times;
  }
  return steps;
}

export const tile: Kernel = (bound, { x }, { reps }) => {
  if (!x || x.dtype === 'string' || x.dtype === 'complex64') return undefined;
  const shape = x.shape.map((d, i) => d * reps[i]);
  if (reps.length !== x.shape.length || sizeOf(shape) === 0) return undefined;
  const steps = repeats(x.shape, reps, util.bytesPerElement(x.dtype));
  const [first, second] = steps;
  if (!first || steps.length > 2) return undefined;
  const out = bound.output(shape, x.dtype);
  const to = bound.at(out);
  if (!second) bound.run.repeatBlocks(bound.at(x), to, first.outer, first.bytes, first.times);
  else {
    bound.withBytes(first.outer * first.bytes * first.times, between => {
      bound.run.repeatBlocks(bound.at(x), between, first.outer, first.bytes, first.times);
      bound.run.repeatBlocks(between, to, second.outer, second.bytes, second.times);
    });
  }
  return out;
};
