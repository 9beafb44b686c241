/** A layer made from pure functions of several inputs of one shape, such as the branches of a residual block. */
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment } from '../contract.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { OptionsLayer, type SavedDefinition } from './optionsLayer.ts';

/** The argument of `defineMergeLayer`. */
export interface MergeLayerDefinition<O extends object> extends SavedDefinition<O> {
  /** The number of inputs; two or more by default. */
  readonly inputs?: number;
  /** The forward pass in training, a pure function of its arguments. Returns one tensor of the inputs' shape. */
  forward(inputs: readonly tf.Tensor[], options: Required<O>, at: ForwardMoment): tf.Tensor;
  /** The forward pass at inference, where nothing is random: often the mean of the inputs. Returns one tensor of the inputs' shape. */
  inference(inputs: readonly tf.Tensor[], options: Required<O>): tf.Tensor;
}

type Shape = readonly (number | null)[];

const isSame = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

export class MergeLayer<O extends object> extends OptionsLayer<O> {
  readonly #definition: MergeLayerDefinition<O>;

  constructor(definition: MergeLayerDefinition<O>, given?: unknown) {
    super(definition, given, false);
    this.#definition = definition;
  }

  override build(shape: tf.Tensor['shape'] | tf.Tensor['shape'][]): void {
    const { name, inputs } = this.#definition;
    const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as Shape[];
    const [first = []] = shapes;
    if (inputs === undefined ? shapes.length < 2 : shapes.length !== inputs)
      throw new OptionError(messages.severalInputs(name, inputs, shapes.length));
    if (!shapes.every(other => isSame(other, first))) throw new OptionError(messages.inputsOfOneShape(name, shapes));
    super.build(shape);
  }

  override computeOutputShape(shapes: tf.Tensor['shape'] | tf.Tensor['shape'][]): tf.Tensor['shape'] {
    return shapes[0] as tf.Tensor['shape'];
  }

  /** A time step counts if it counts in every input; inputs without a mask are ignored. */
  override computeMask(_: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | (tf.Tensor | null)[]): tf.Tensor {
    const masks = [mask].flat().filter(one => one instanceof tf.Tensor);
    // tfjs-layers uses null for "no mask", whatever its type says
    return masks.length > 0 ? tf.tidy(() => masks.reduce((all, one) => tf.logicalAnd(all, one))) : (null as never);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const { streams = [], forward, inference } = this.#definition;
    return tf.tidy(() => {
      const xs = [inputs].flat();
      const at = forwardContext(this, kwargs, { seed: seedOf(this.options), streams });
      try {
        return at ? forward(xs, this.options, at) : inference(xs, this.options);
      } catch (error) {
        throw PluginError.from(error, this.name, at ? 'forward' : 'inference');
      }
    });
  }
}
