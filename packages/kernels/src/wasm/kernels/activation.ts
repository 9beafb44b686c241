/** Activations, separate with their gradients, and after a product or a convolution. */
import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** Activations with their own stock kernel, which runs on the result. */
const unary: Readonly<Record<string, string>> = { elu: 'Elu', sigmoid: 'Sigmoid' };
const clamps = ['relu', 'relu6', 'leakyrelu'];

export const canActivate = (activation: string): boolean =>
  activation === 'linear' || clamps.includes(activation) || activation in unary;

/** The activated tensor; `out` is changed or disposed. */
export function activate(bound: Bound, out: TensorInfo, activation: string, leakyreluAlpha = 0.2): TensorInfo {
  if (activation === 'linear') return out;
  const kernel = unary[activation];
  if (kernel) {
    const { backend } = bound;
    // the stock kernel does not check for insufficient memory
    bound.withBytes(4 * sizeOf(out.shape), () => undefined);
    const result = getKernel(kernel, 'wasm').kernelFunc({ inputs: { x: out }, backend, attrs: {} }) as TensorInfo;
    backend.disposeData(out.dataId);
    return result;
  }
  const slope = activation === 'leakyrelu' ? leakyreluAlpha : 0;
  const high = activation === 'relu6' ? 6 : Number.POSITIVE_INFINITY;
  bound.run.rectify(bound.at(out), sizeOf(out.shape), slope, high);
  return out;
}

/** y = f(x) */
export const activation =
  (name: 'gelu' | 'geluNew'): Kernel =>
  (bound, { x }) => {
    if (!x || !isFloat(x)) return undefined;
    const y = bound.output(x.shape);
    bound.run[name](bound.at(x), bound.at(y), sizeOf(x.shape));
    return y;
  };

/** y = f(x), and f′(x). */
export const withSlope =
  (name: 'geluWithSlope' | 'geluNewWithSlope'): Kernel =>
  (bound, { x }) => {
    if (!x || !isFloat(x)) return undefined;
    const [y, slope] = [bound.output(x.shape), bound.output(x.shape)];
    bound.run[name](bound.at(x), bound.at(y), bound.at(slope), sizeOf(x.shape));
    return [y, slope];
  };

/** dx = dy step(x) */
export const reluGrad: Kernel = (bound, { dy, x }) => {
  if (!dy || !x || !isFloat(dy, x)) return undefined;
  const dx = bound.output(x.shape);
  bound.run.reluGradient(bound.at(x), bound.at(dy), bound.at(dx), sizeOf(x.shape));
  return dx;
};
