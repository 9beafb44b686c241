import { checkDefinition } from '../options/definition.ts';
import { DefinedLayer, type LayerDefinition } from './definedLayer.ts';
import { type Factory, factoryOf } from './layerFactory.ts';

/** The factory that `defineLayer` returns. `Given` is the type that callers pass, if `normalize` turns it into the options `O`. */
export interface LayerFactory<O extends object, Given = O> extends Factory<O, Given, LayerDefinition<O>> {}

/**
 * Makes a factory of layers from a class name, options and a forward pass. At inference its layers are the identity. Call `register` with the
 * factory before you load a saved model that has such a layer.
 * @example
 * const shiver = defineLayer({
 *   name: 'shiver',
 *   className: 'MyShiver',
 *   options: { stddev: option.number({ min: 0 }) },
 *   forward: (x, { stddev }, at) => tf.add(x, normalNoise(x.shape, at.key(), { scale: stddev })),
 * });
 * model.add(shiver({ stddev: 0.1, name: 'shaken' }));
 * @throws OptionError for a definition that lacks a name, the options or the forward pass
 */
export function defineLayer<O extends object, Given = O>(definition: LayerDefinition<O>): LayerFactory<O, Given> {
  checkDefinition('defineLayer', definition, { names: ['name', 'className'], functions: ['forward'] });
  return factoryOf<O, Given, LayerDefinition<O>>(definition, DefinedLayer<O>);
}
