/** The default loss: the one that the model was compiled with, or else the one that matches its last activation. */
import { OptionError } from '@keepprob/core';
import { isModel } from '@keepprob/core/driver';
import type { FitOptions } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { activationOf } from './graph.ts';

type AnyLoss = FitOptions['loss'];

const byActivation: Readonly<Record<string, string>> = {
  softmax: 'categoricalCrossentropy',
  Softmax: 'categoricalCrossentropy',
  sigmoid: 'binaryCrossentropy',
  linear: 'meanSquaredError',
};

/** Name of the last activation, by default that of the first output; looks inside a nested model at the end. */
export function lastActivation(model: LayersModel, output = 0): string {
  const { sourceLayer, tensorIndex } = model.outputs[output] as (typeof model.outputs)[number];
  return isModel(sourceLayer) ? lastActivation(sourceLayer, tensorIndex) : activationOf(sourceLayer);
}

/**
 * @throws OptionError if no loss is given, for several outputs or a last activation that matches no loss
 */
export function lossToUse(owner: string, model: LayersModel, asked: AnyLoss | null): AnyLoss {
  const given = asked ?? (model as { readonly loss?: AnyLoss }).loss;
  if (given) return given;
  const fitting = model.outputs.length === 1 ? byActivation[lastActivation(model)] : undefined;
  if (fitting) return fitting;
  const ending = model.outputs.length === 1 ? `a model that ends in ${lastActivation(model)}` : 'several outputs';
  throw OptionError.of(owner, 'loss', 'a loss as fit takes it, or a model that was compiled with one', ending);
}
