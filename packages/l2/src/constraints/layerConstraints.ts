/**
 * The constraints that a model's layers were given. A marked seam: read in tfjs-layers 4.22, where `LayerVariable.write` alone applies
 * `constraint`, and optimizers assign the variable past it.
 */
import { definePlugin, OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import { isModel } from '@keepprob/core/driver';
import { weightsIn } from '@keepprob/core/layers';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';

/**
 * Applies `kernelConstraint`, `biasConstraint`, … of the model's layers, also those from a Keras file, after every update; in stock `fit` they do
 * nothing. Each constraint is TF.js' own (`maxNorm`, `unitNorm`, `nonNeg`, `minMaxNorm`, or a class of your own), with its own axes. Frozen
 * weights are left alone.
 * @example
 * const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4], kernelConstraint: 'nonNeg' })] });
 * attach(net, tf.train.adam(1e-3), layerConstraints(net));
 * @throws OptionError if `model` is not a LayersModel; PluginError at the first update of another model
 */
export const layerConstraints = Object.assign(constrained, { definition: { name: 'layerConstraints', options: {} } });

/** TF.js keeps it to itself. */
interface Constrained {
  readonly constraint?: { apply(w: Tensor): Tensor } | null;
}

function constrained(model: LayersModel): TrainingPlugin {
  if (!(typeof model === 'object' && model !== null && isModel(model))) {
    throw OptionError.of('layerConstraints', 'model', 'a tf.LayersModel', model);
  }
  return definePlugin<object>({
    name: 'layerConstraints',
    options: {},
    setup() {
      // a model may be built between the call of the factory and its training
      const constraints = new Map(
        weightsIn(model).map(({ weight }) => [weight.read(), (weight as Constrained).constraint]),
      );
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
