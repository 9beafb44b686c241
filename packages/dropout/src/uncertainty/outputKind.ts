/** What an output is: read from the config of the layer that makes it. */
import { DataError } from '@keepprob/core';
import { isModel } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

export type Kind = 'classification' | 'regression' | 'auto';

/** Softmax: probabilities of classes along the last axis. Sigmoid: one probability in each element. */
export type OutputKind = 'softmax' | 'sigmoid' | 'regression';

/** What `kind` says of an output of a model, or, where it is 'auto', what the last activation says. */
export function kindOf(output: SymbolicTensor, kind: Kind): OutputKind {
  const found = ofLayer(output.sourceLayer, output.tensorIndex);
  if (kind === 'auto') return found;
  if (kind === 'regression') return kind;
  if (found !== 'regression') return found;
  return output.shape.at(-1) === 1 ? 'sigmoid' : 'softmax';
}

function ofLayer(layer: Layer, tensorIndex: number): OutputKind {
  const inner = isModel(layer) ? layer.outputs[tensorIndex] : undefined;
  if (inner) return ofLayer(inner.sourceLayer, inner.tensorIndex);
  return ofConfig(layer.getClassName(), layer.getConfig());
}

/** A wrapper has the config of the layer in it. */
function ofConfig(className: string, config: object): OutputKind {
  const { layer, activation } = config as {
    readonly layer?: { readonly className: string; readonly config: object };
    readonly activation?: unknown;
  };
  if (layer) return ofConfig(layer.className, layer.config);
  if (className === 'Softmax') return 'softmax';
  return activation === 'softmax' || activation === 'sigmoid' ? activation : 'regression';
}

/** How far from 1 the sum of a row's probabilities may be in float32. */
const ROUNDING = 1e-3;

/** @throws DataError where `p` holds no probabilities of this kind. */
export function checkProbabilities(name: string, p: ArrayLike<number>, classes: number): void {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const pi = p[i] ?? Number.NaN;
    sum += pi;
    const last = i % classes === classes - 1;
    const whole = classes === 1 || !last || Math.abs(sum - 1) < ROUNDING;
    if (!(pi >= 0 && pi <= 1 + ROUNDING && whole)) {
      const expected = classes === 1 ? 'probabilities in [0, 1]' : 'probabilities that sum to 1 over the last axis';
      const received = pi >= 0 && pi <= 1 + ROUNDING ? `a sum of ${sum}` : `${pi}`;
      throw DataError.of(`output "${name}"`, `${expected}, as of a classification (or kind: 'regression')`, received);
    }
    if (last) sum = 0;
  }
}
