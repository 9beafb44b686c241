/** FusedBatchNorm with statistics per channel, the last axis. */
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

export const fusedBatchNorm: Kernel = (bound, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
  if (!x || !mean || !variance || !isFloat(x, mean, variance, offset, scale)) return undefined;
  const channels = x.shape.at(-1) ?? 0;
  const isPerChannel = [mean, variance, offset, scale].every(
    t => !t || (t.shape.length === 1 && t.shape[0] === channels),
  );
  if (!isPerChannel || sizeOf(x.shape) === 0) return undefined;
  const out = bound.output(x.shape);
  const [offsetAt, scaleAt] = [offset ? bound.at(offset) : 0, scale ? bound.at(scale) : 0];
  bound.withBytes(4 * channels, factors => {
    bound.run.batchNorm(
      bound.at(x),
      bound.at(out),
      sizeOf(x.shape) / channels,
      channels,
      bound.at(mean),
      bound.at(variance),
      offsetAt,
      scaleAt,
      varianceEpsilon,
      factors,
    );
  });
  return out;
};
