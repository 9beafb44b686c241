/** Concrete dropout: the noise is drawn during the pass, and the mask is a result. */
import type { ConcreteKernelAttrs } from '@keepprob/core/kernels';
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { agree } from './convolution/geometry.ts';
import { isFloat, type Kernel, numbersOf, sizeOf } from './kernel.ts';
import { drawing } from './noise.ts';
import { squaresOf } from './update.ts';

export const concrete: Kernel<ConcreteKernelAttrs> = (bound, { x, rateLogit }, attrs) => {
  if (!x || !rateLogit || !isFloat(x, rateLogit)) return undefined;
  const [y, m] = [bound.output(x.shape), bound.output(x.shape)];
  const of = [bound.at(x), bound.at(y), bound.at(m), sizeOf(x.shape)] as const;
  const [logit = 0] = numbersOf(bound, rateLogit);
  drawing(bound, attrs, (block, lane, spare) =>
    bound.run.concrete(...of, block, lane, logit, 1 / attrs.temperature, 1 + Math.exp(logit), spare),
  );
  return [y, m];
};

export const concreteGrad: Kernel<{ readonly temperature: number }> = (
  bound,
  { dy, x, m, rateLogit },
  { temperature },
) => {
  if (!dy || !x || !m || !rateLogit || !isFloat(dy, x, m, rateLogit)) return undefined;
  if (![dy, m].every(({ shape }) => agree(shape, x.shape))) return undefined;
  const [dx, dLogit] = [bound.output(x.shape), bound.output(rateLogit.shape)];
  const of = [bound.at(dy), bound.at(x), bound.at(m), bound.at(dx), sizeOf(x.shape)] as const;
  const [logit = 0] = numbersOf(bound, rateLogit);
  numbersOf(bound, dLogit)[0] = bound.run.concreteGradient(...of, 1 / (1 + Math.exp(-logit)), 1 / temperature);
  return [dx, dLogit];
};

interface PenaltyAttrs {
  readonly ofWeights: number;
  readonly ofDraws: number;
}

/** The inputs w0, w1, … */
function kernelsIn(inputs: NamedTensorInfoMap): TensorInfo[] {
  const kernels: TensorInfo[] = [];
  for (let i = 0; inputs[`w${i}`]; i++) kernels.push(inputs[`w${i}`] as TensorInfo);
  return kernels;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const concretePenalty: Kernel<PenaltyAttrs> = (bound, inputs, { ofWeights, ofDraws }) => {
  const [{ rateLogit }, kernels] = [inputs, kernelsIn(inputs)];
  if (!rateLogit || !isFloat(rateLogit, ...kernels)) return undefined;
  const [out, squares] = [bound.output([]), bound.output([])];
  const total = kernels.reduce((sum, w) => sum + squaresOf(bound, w), 0);
  const [L = 0] = numbersOf(bound, rateLogit);
  const entropy = sigmoid(L) * softplus(-L) + sigmoid(-L) * softplus(L);
  numbersOf(bound, squares)[0] = total;
  numbersOf(bound, out)[0] = ofWeights * total * (1 + Math.exp(L)) - ofDraws * entropy;
  return [out, squares];
};

export const concretePenaltyGrad: Kernel<PenaltyAttrs> = (bound, inputs, { ofWeights, ofDraws }) => {
  const [{ dy, total, rateLogit }, kernels] = [inputs, kernelsIn(inputs)];
  if (!dy || !total || !rateLogit || !isFloat(dy, total, rateLogit, ...kernels)) return undefined;
  const results = [rateLogit, ...kernels].map(({ shape }) => bound.output(shape)) as [TensorInfo, ...TensorInfo[]];
  const [by = 0, squares = 0, L = 0] = [dy, total, rateLogit].map(t => numbersOf(bound, t)[0]);
  const power = Math.exp(L);
  numbersOf(bound, results[0])[0] = by * (ofWeights * squares * power + ofDraws * L * sigmoid(L) * sigmoid(-L));
  for (const [i, w] of kernels.entries()) {
    const to = bound.at(results[i + 1] as TensorInfo);
    bound.run.elasticGradient(bound.at(w), 0, to, sizeOf(w.shape), 0, by * 2 * ofWeights * (1 + power));
  }
  return results;
};
