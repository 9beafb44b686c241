/** Color changes: each image is multiplied by one matrix, in one pass, or in two if its mean luma is needed. */
import type { ColorsKernelAttrs } from '@keepprob/core/kernels';
import { isFloat, type Kernel } from './kernel.ts';

export const colors: Kernel<ColorsKernelAttrs> = (
  bound,
  { images },
  { matrices, towardsMean, constants, luma, range: [low, high] },
) => {
  if (!images || !isFloat(images) || images.shape.length !== 4) return undefined;
  const [rows = 0, height = 0, width = 0, channels = 0] = images.shape;
  const each = height * width * channels;
  if ((channels !== 1 && channels !== 3) || each === 0) return undefined;
  if (matrices.length !== rows * channels ** 2) return undefined;
  const out = bound.output(images.shape);
  const { run } = bound;
  const [r = 1, g = r, b = r] = luma;
  bound.withBytes(4 * matrices.length, at => {
    new Float32Array(bound.memory.buffer, at, matrices.length).set(matrices);
    for (let row = 0; row < rows; row++) {
      const [from, to] = [bound.at(images) + 4 * row * each, bound.at(out) + 4 * row * each];
      const [k = 0, c = 0] = [towardsMean[row], constants[row]];
      const offset = k === 0 ? c : (k * run.lumaSum(from, each, r, g, b)) / (height * width) + c;
      if (channels === 1) run.recolorGray(from, to, each, matrices[row] as number, offset, low, high);
      else run.recolor(from, to, height * width, at + 36 * row, offset, low, high);
    }
  });
  return out;
};
