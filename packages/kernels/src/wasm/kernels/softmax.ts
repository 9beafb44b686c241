/** The gradient of a softmax, and cross-entropy with its gradient, over the last axis. */
import { agree } from './convolution/geometry.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** y, dy → dx. */
export const softmaxGrad: Kernel = (bound, { y, dy }) => {
  if (!y || !dy || !isFloat(y, dy) || !agree(y.shape, dy.shape)) return undefined;
  const columns = y.shape.at(-1) ?? 1;
  const dx = bound.output(y.shape);
  if (columns > 0)
    bound.run.softmaxGradient(bound.at(y), bound.at(dy), bound.at(dx), sizeOf(y.shape) / columns, columns);
  return dx;
};

export interface CrossEntropyAttrs {
  /** Whether probabilities are also clipped before they are divided by their sum. */
  readonly clipFirst: boolean;
  readonly epsilon: number;
}

/** target, output […, classes] → […]. */
export const crossEntropy: Kernel<CrossEntropyAttrs> = (bound, { target, output }, { clipFirst, epsilon }) => {
  if (!target || !output || !isFloat(target, output)) return undefined;
  const columns = output.shape.at(-1) ?? 1;
  const loss = bound.output(output.shape.slice(0, -1));
  const of = [bound.at(target), bound.at(output), bound.at(loss)] as const;
  bound.run.crossEntropy(...of, sizeOf(loss.shape), columns, clipFirst, epsilon);
  return loss;
};

/** dy […], target, output → the gradient with respect to output. */
export const crossEntropyGrad: Kernel<CrossEntropyAttrs> = (bound, { dy, target, output }, { clipFirst, epsilon }) => {
  if (!dy || !target || !output || !isFloat(dy, target, output)) return undefined;
  const columns = output.shape.at(-1) ?? 1;
  const dp = bound.output(output.shape);
  const of = [bound.at(target), bound.at(output), bound.at(dy), bound.at(dp)] as const;
  bound.run.crossEntropyGradient(...of, sizeOf(dy.shape), columns, clipFirst, epsilon);
  return dp;
};
