import { checkDefinition } from '../options/definition.ts';
import { type Factory, factoryOf } from './layerFactory.ts';
import { MergeLayer, type MergeLayerDefinition } from './mergeLayer.ts';

/** The factory that `defineMergeLayer` returns. `Given` is the type that callers pass, if `normalize` turns it into the options `O`. */
export interface MergeLayerFactory<O extends object, Given = O> extends Factory<O, Given, MergeLayerDefinition<O>> {}

/**
 * Makes a factory of layers that join several inputs of one shape, from a class name, options, a forward pass in training and one at inference. It is
 * applied to a list: `shake().apply([left, right])`. Call `register` with the factory before you load a saved model that has such a layer.
 * @example
 * // a random share of each branch, as shake-shake takes it (Gastaldi 2017): y = α a + (1 − α) b, α ~ U(0, 1) for each row where spread is 1
 * const shake = defineMergeLayer({
 *   name: 'shake',
 *   className: 'MyShake',
 *   inputs: 2,
 *   options: { spread: option.number({ min: 0, max: 1, fallback: 1 }), seed: option.seed() },
 *   noise: { spread: { strength: 'stddev', effect: 'multiplies', target: 'activations', unlike: 'it mixes branches' } },
 *   forward([a, b], { spread }, at) {
 *     const perRow = a.shape.map((size, axis) => (axis === 0 ? size : 1));
 *     const uniform = tf.sigmoid(logisticNoise(perRow, at.key(), { first: at.rows[0] }));
 *     const share = tf.add(0.5, tf.mul(spread, tf.sub(uniform, 0.5)));
 *     return tf.add(tf.mul(a, share), tf.mul(b, tf.sub(1, share)));
 *   },
 *   inference: ([a, b]) => tf.div(tf.add(a, b), 2),
 * });
 * const input = tf.input({ shape: [4] });
 * const [left, right] = [1, 2].map(() => tf.layers.dense({ units: 4, activation: 'relu' }).apply(input));
 * const model = tf.model({ inputs: input, outputs: shake().apply([left, right]) });
 * @throws OptionError for a definition that lacks a name, the options or one of the passes, and, when the layer is applied, for the wrong number of inputs
 * or inputs of different shapes
 */
export function defineMergeLayer<O extends object, Given = O>(
  definition: MergeLayerDefinition<O>,
): MergeLayerFactory<O, Given> {
  checkDefinition('defineMergeLayer', definition, {
    names: ['name', 'className'],
    functions: ['forward', 'inference'],
  });
  return factoryOf<O, Given, MergeLayerDefinition<O>>(definition, MergeLayer<O>);
}
