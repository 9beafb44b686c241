/**
 * Frozen batch norm runs in inference mode, as in Keras since 2.2: it normalizes by its moving statistics and leaves them alone. A marked seam: read in
 * tfjs-layers 4.22, where BatchNormalization depends only on the argument `training`, and where `trainable = false` of a model marks its weights but not its
 * layers.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Layer, layerTree } from '../model/layerTree.ts';
import { withCalls } from './withCalls.ts';

/** A batch norm layer, with the layers and models that contain it. */
export interface BatchNormPlace {
  readonly layer: Layer;
  readonly around: readonly Layer[];
}

/**
 * The batch norm layers of the model, with the layers around each.
 * @example
 * const net = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [4] })] });
 * batchNormsOf(net).length; // 1
 */
export function batchNormsOf(model: LayersModel): BatchNormPlace[] {
  const places = layerTree(model);
  return places
    .filter(({ layer }) => layer.getClassName() === 'BatchNormalization')
    .map(({ layer, path }) => {
      const around = places.filter(place => path.startsWith(`${place.path}/`)).map(place => place.layer);
      return { layer, around: [model, ...around] };
    });
}

/**
 * Whether a batch norm layer, or a layer around it, is frozen now. `trainable` may change from step to step.
 * @example
 * const net = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [4], trainable: false })] });
 * batchNormsOf(net).map(isFrozen); // [true]
 */
export function isFrozen({ layer, around }: BatchNormPlace): boolean {
  if (!layer.trainable || around.some(outer => !outer.trainable)) return true;
  // gain and bias, next to moving mean and variance
  return layer.weights.length > 2 && layer.trainableWeights.length === 0;
}

/**
 * Runs `f` with these layers in inference mode, whatever their `training` argument is.
 * @example
 * const features = atInference(layerPluginsOf(model), () => model.apply(x, { training: true }));
 */
export const atInference = <T>(layers: readonly Layer[], f: () => T): T =>
  withCalls(
    new Map(layers.map(layer => [layer, call => (inputs, kwargs) => call(inputs, { ...kwargs, training: false })])),
    f,
  );
