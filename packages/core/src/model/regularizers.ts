/** The penalties from the constructor arguments of layers: `kernelRegularizer` and the like. */
import type { Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Graph, graphsOf } from './identity.ts';
import { layerTree, type Place } from './layerTree.ts';

/** Returns the penalties on the current weights; rank 0. */
type Regularizer = () => readonly Scalar[];

/**
 * The regularizers of every layer of the model, once for each call of the layer, as TF.js counts them. TF.js itself misses those in recurrent cells, in
 * wrapped models, and in a model that is the first layer of a Sequential.
 * @example
 * const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4], kernelRegularizer: 'l1l2' })] });
 * regularizersOf(net).length; // 1
 */
export function regularizersOf(model: LayersModel): Regularizer[] {
  const places = layerTree(model);
  const graphs = new Map(graphsOf(model).map(graph => [graph.model, graph]));
  const ofGraph = ({ calls }: Graph): Regularizer[] =>
    calls.flatMap(({ place }) => {
      const nested = graphs.get(place.layer as LayersModel);
      return nested ? ofGraph(nested) : [ofLayer(place)];
    });
  const ofLayer = ({ layer, path }: Place): Regularizer => {
    const inside = places.filter(place => place.path.startsWith(`${path}/`)).flatMap(place => place.layer.losses);
    const own = new Set(layer.losses);
    const others = [...new Set(inside)].filter(loss => !own.has(loss));
    return () => [...(layer.calculateLosses() as Scalar[]), ...others.map(loss => loss() as Scalar)];
  };
  return ofGraph(graphs.get(model) as Graph);
}
