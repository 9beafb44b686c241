/** FusedBatchNorm with statistics per channel, the last axis; norms that compute their own statistics, and their gradients. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NormAttrs, NormGradAttrs } from '../../gradients/fused.ts';
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
  const rows = sizeOf(x.shape) / channels;
  bound.withBytes(4 * channels, factors => {
    const [from, to, of] = [bound.at(x), bound.at(out), [bound.at(mean), bound.at(variance)] as const];
    bound.run.batchNorm(from, to, rows, channels, ...of, offsetAt, scaleAt, varianceEpsilon, factors);
  });
  return out;
};

export const normalize: Kernel<NormAttrs> = (bound, { x, gain, bias }, attrs) => {
  if (!x) return undefined;
  const { form, times, groups, columns, epsilon, of } = attrs;
  const [out, mean, variance] = [bound.output(x.shape), bound.output(of), bound.output(of)];
  const { run } = bound;
  const [from, to, ofGain, ofBias] = [bound.at(x), bound.at(out), gain ? bound.at(gain) : 0, bias ? bound.at(bias) : 0];
  const statistics = [bound.at(mean), bound.at(variance)] as const;
  if (form === 'byGroup' && columns === 1) {
    run.momentsOfColumns(from, times, groups, ...statistics);
    bound.withBytes(4 * groups, factors =>
      run.batchNorm(from, to, times, groups, ...statistics, ofBias, ofGain, epsilon, factors),
    );
  } else {
    run.momentsOfRows(from, times, groups, columns, ...statistics);
    if (form === 'byColumn') run.normalizeRows(from, to, groups, columns, ...statistics, ofGain, ofBias, epsilon);
    else run.normalizeGroups(from, to, times, groups, columns, ...statistics, ofGain, ofBias, epsilon);
  }
  return [out, mean, variance];
};

export const normalizeGrad: Kernel<NormGradAttrs> = (bound, { dy, x, mean, variance, gain }, attrs) => {
  if (!dy || !x || !mean || !variance) return undefined;
  const { form, times, groups, columns, epsilon, biasShape } = attrs;
  const { run } = bound;
  const dx = bound.output(x.shape);
  const dGain = gain ? bound.output(gain.shape) : undefined;
  const dBias = biasShape ? bound.output(biasShape) : undefined;
  const of = [bound.at(x), bound.at(dy), bound.at(dx)] as const;
  const at = (t: TensorInfo | undefined): number => (t ? bound.at(t) : 0);
  const standard = [bound.at(mean), bound.at(variance), at(gain), epsilon] as const;
  const [toGain, toBias] = [at(dGain), at(dBias)];
  if (form === 'byColumn') {
    bound.withBytes(8 * columns, parts => run.rowsGradient(...of, groups, columns, ...standard, toGain, toBias, parts));
  } else {
    // these sums are computed even if they are not requested, since dx needs them
    bound.withBytes(20 * groups, spare => {
      const [gains, biases] = [toGain || spare, toBias || spare + 4 * groups];
      if (columns === 1) run.columnsGradient(...of, times, groups, ...standard, gains, biases, spare + 8 * groups);
      else run.groupsGradient(...of, times, groups, columns, ...standard, gains, biases);
    });
  }
  return [dx, dGain, dBias].filter(t => t !== undefined);
};
