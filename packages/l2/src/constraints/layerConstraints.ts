/**
 * The constraints that a model's layers were given. A marked seam: read in tfjs-layers 4.22, where `LayerVariable.write` alone applies
 * `constraint`, and optimizers assign the variable past it.
 */
import { definePlugin, OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';

/** What it needs of a `tf.LayersModel`. */
export interface Constrained {
  readonly weights: readonly {
    readonly constraint: { apply(w: Tensor): Tensor } | null | undefined;
    read(): Tensor;
  }[];
}

/**
 * `kernelConstraint`, `biasConstraint`, … of the model's layers, and those in a file of Keras, act after every update: in stock `fit` they do
 * nothing. Each is TF.js' own (`maxNorm`, `unitNorm`, `nonNeg`, `minMaxNorm`, or a class of one's own), with the axes that it was given; frozen
 * weights are left alone.
 *
 * `attach(model, optimizer, layerConstraints(model))`
 * @throws OptionError for what is no model; PluginError at the first update of another model
 */
export const layerConstraints = Object.assign(constrained, { definition: { name: 'layerConstraints', options: {} } });

function constrained(model: Constrained): TrainingPlugin {
  if (!Array.isArray(model?.weights)) {
    throw OptionError.of('layerConstraints', 'model', 'a tf.LayersModel', model);
  }
  return definePlugin<object>({
    name: 'layerConstraints',
    options: {},
    setup() {
      // a model may be built between the call of the factory and its training
      const constraints = new Map(model.weights.map(weight => [weight.read(), weight.constraint]));
      return {
        afterUpdate(weights) {
          for (const { variable, path } of weights) {
            if (!constraints.has(variable)) throw new PluginError(messages.otherModel(path));
            const constraint = constraints.get(variable);
            if (constraint) variable.assign(constraint.apply(variable) as Variable);
          }
        },
      };
    },
  })();
}
