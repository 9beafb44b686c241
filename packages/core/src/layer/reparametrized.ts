/** The wrapper of a reparametrization. Its weights are those of the inner layer, followed by its own. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable } from '@tensorflow/tfjs-layers';
import type { ForwardMoment, Role } from '../contract.ts';
import { nameOf } from '../model/identity.ts';
import type { Layer } from '../model/layerTree.ts';
import { standIn } from '../model/standIn.ts';
import type { DescribesWeights, Description } from '../model/weights.ts';
import type { Noise } from '../noise/noise.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { checkInner, type FoundKernel, inputOf, kernelsIn, loadInner } from './innerLayer.ts';
import { changeOptions, noisesBy, ownOptions } from './ownOptions.ts';
import { savedOptions } from './pluginLayer.ts';
import type { OwnWeight, ReparametrizationDefinition } from './reparametrization.ts';
import { Wrapper } from './wrapper.ts';

interface KernelWithOwn extends FoundKernel {
  readonly own: Readonly<Record<string, LayerVariable>>;
}

const kernelRoles = (): readonly Role[] => ['kernel', 'depthwise', 'recurrent'];
const other: Description = { role: 'other', fanInAxes: [] };

export abstract class Reparametrized<O extends object> extends Wrapper<O> implements DescribesWeights {
  readonly isIdentity = false;
  options: Required<O>;
  readonly #definition: ReparametrizationDefinition<O>;
  #kernels: readonly KernelWithOwn[] = [];

  constructor(definition: ReparametrizationDefinition<O>, { layer, ...given }: { readonly layer: Layer }) {
    const { name } = definition;
    checkInner(name, layer);
    if ('goBackwards' in given)
      throw new OptionError(messages.wrapBidirectional(name), { option: 'layer', received: layer.getClassName() });
    const { options, base } = ownOptions(definition, given);
    super(layer, { ...inputOf(layer), ...base });
    this.#definition = definition;
    this.options = options;
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    { customObjects, layer, ...config }: tf.serialization.ConfigDict,
    ...more: unknown[]
  ): T {
    return new cls({
      ...config,
      layer: loadInner(cls.className, layer, customObjects, more),
    } as object as tf.serialization.ConfigDict);
  }

  protected override buildOwn(): void {
    const { name, own = {}, roles = kernelRoles, start } = this.#definition;
    this.#kernels = kernelsIn(name, this.layer, found => roles(this.options, found)).map(kernel => ({
      ...kernel,
      own: Object.fromEntries(Object.entries(own).map(([key, weight]) => [key, this.#beside(kernel, key, weight)])),
    }));
    if (!start) return;
    for (const { variable, fanInAxes } of this.#kernels) {
      // a constraint of the kernel makes a tensor too
      tf.tidy(() => void variable.write(start(variable.read(), fanInAxes)));
    }
  }

  #beside({ variable, name, fanInAxes }: FoundKernel, key: string, { initial, trainable }: OwnWeight): LayerVariable {
    const value = tf.tidy(() => initial(variable.read(), fanInAxes));
    const zeros = initializers.zeros();
    const weight = this.addWeight(`${name}_${key}`, value.shape, variable.dtype, zeros, undefined, trainable);
    weight.write(value);
    value.dispose();
    return weight;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<Layer['call']>[1]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const { streams = [] } = this.#definition;
      const at = forwardContext(this, kwargs, { seed: seedOf(this.options), streams });
      const values = new Map(this.#kernels.map(kernel => [kernel.variable, this.#value(kernel, at)]));
      return standIn(values, () => this.layer.call(inputs, kwargs));
    });
  }

  #value(kernel: KernelWithOwn, at: ForwardMoment | undefined): tf.Tensor {
    const { variable, role, fanInAxes } = kernel;
    const own = Object.fromEntries(
      Object.entries(kernel.own).map(([key, weight]) => [key, weight.read() as tf.Variable]),
    );
    try {
      const value = this.#definition.kernel(variable.read(), { role, fanInAxes, own }, this.options, at);
      const shape = variable.shape as number[];
      if (!tf.util.arraysEqual(value.shape, shape))
        throw new Error(messages.shapeChanged(kernel.name, shape, value.shape));
      return value;
    } catch (error) {
      throw PluginError.from(error, this.name, 'kernel');
    }
  }

  describeWeights(): ReturnType<DescribesWeights['describeWeights']> {
    const besides = this.#definition.own ?? {};
    return Object.fromEntries(
      this.#kernels.flatMap(({ own, role, fanInAxes }) =>
        Object.entries(own).map(([key, weight]) => [
          nameOf(weight),
          besides[key]?.standsForKernel ? { role, fanInAxes } : other,
        ]),
      ),
    );
  }

  describeInner(weight: LayerVariable): Description | undefined {
    const moved = Object.values(this.#definition.own ?? {}).some(({ standsForKernel }) => standsForKernel);
    return moved && this.#kernels.some(({ variable }) => variable === weight) ? other : undefined;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...savedOptions(this.#definition.name, this.options) };
  }

  describeNoise(): readonly Noise[] {
    return noisesBy<O>(this, this.#definition);
  }

  setOptions(patch: Partial<O>): () => void {
    return changeOptions<O>(this, this.#definition, patch);
  }
}
