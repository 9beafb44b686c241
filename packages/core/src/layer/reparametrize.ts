/**
 * Reparametrizations: wrappers around a layer whose kernels are functions of their variables. While the inner layer is called it reads
 * f(kernel) in place of the kernel; the gradient flows through f to the variable, which is what is trained and saved.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { ForwardMoment, Role } from '../contract.ts';
import { nameOf } from '../model/identity.ts';
import type { Layer } from '../model/layerTree.ts';
import { standIn } from '../model/standIn.ts';
import type { DescribesWeights, Description } from '../model/weights.ts';
import { type Noise, type NoiseDefinitions, noisesFrom } from '../noise/noise.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { checkOptions, type OptionArguments, type OptionSpecs } from '../options/options.ts';
import { ambiguousOption, type LayerOptions, PluginLayer, savedOptions, split } from './defineLayer.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { buildInner, checkInner, type FoundKernel, inputOf, kernelsIn, loadInner, saveInner } from './innerLayer.ts';

/** A weight that the wrapper has beside each kernel. */
export interface OwnWeight {
  readonly trainable: boolean;
  /** Its first value, from that of the kernel. */
  initial(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** Norms, decay and L2 act on it and no longer on the kernel: it takes over the kernel's role and fan-in axes. */
  readonly standsForKernel?: boolean;
}

/** What a reparametrization knows of the kernel it is given. */
export interface Kernel extends Description {
  /** The wrapper's own weights for this kernel. */
  readonly own: Readonly<Record<string, tf.Variable>>;
}

export interface ReparametrizationDefinition<O extends object> {
  /** Registered under this name; a legal tensor name, such as `KeepprobWeightNorm`. */
  readonly className: string;
  /** How errors call it; the factory's name. */
  readonly name: string;
  readonly options: OptionSpecs<O>;
  /** What is random about its kernels, by the option that sets how strong it is. Leave it out for a function that is not random. */
  readonly noise?: NoiseDefinitions<O>;
  readonly streams?: readonly string[];
  /** Rewrites what was given before it is checked: aliases, rules between options. */
  normalize?(given: object): object;
  /** Roles of the weights it acts on; by default kernels, depthwise and recurrent kernels. */
  roles?(options: Required<O>): readonly Role[];
  readonly own?: Readonly<Record<string, OwnWeight>>;
  /** The kernel that the layer computes with, of the same shape; `at` is undefined at inference. */
  kernel(value: tf.Tensor, kernel: Kernel, options: Required<O>, at: ForwardMoment | undefined): tf.Tensor;
}

/** A layer around another one, as in `tf.layers.timeDistributed`. */
export interface WrapperLayer<O extends object> extends PluginLayer<O> {
  readonly layer: Layer;
}

/** `Given` is what callers write, where `normalize` makes the options `O` of it. */
export interface WrapperFactory<O extends object, Given = O> {
  (layer: Layer, ...options: OptionArguments<LayerOptions<Given>>): WrapperLayer<O>;
  readonly layerClass: tf.serialization.SerializableConstructor<WrapperLayer<O>>;
  readonly definition: ReparametrizationDefinition<O>;
}

interface Reparametrized extends FoundKernel {
  readonly own: Readonly<Record<string, LayerVariable>>;
}

type Call = Parameters<Layer['call']>;
type Shape = Parameters<Layer['build']>[0];

const kernelRoles = (): readonly Role[] => ['kernel', 'depthwise', 'recurrent'];

/**
 * A factory of wrappers from a function of a kernel. It wraps any layer with kernels: dense, convolutions, recurrent layers, embeddings,
 * Bidirectional, TimeDistributed, whole models; the wrapper goes where a layer goes. Its weights are those of the inner layer and then its
 * own. Can be saved once `register`ed.
 */
export function defineReparametrization<O extends object, Given = O>(
  definition: ReparametrizationDefinition<O>,
): WrapperFactory<O, Given> {
  const { className, name, options: specs, noise = {}, streams = [], normalize = given => given } = definition;
  const { roles = kernelRoles, own: besides = {}, kernel: transform } = definition;
  const ambiguous = ambiguousOption(specs, noise);
  const moved = Object.values(besides).some(weight => weight.standsForKernel);

  class Wrapper extends PluginLayer<O> implements DescribesWeights {
    static readonly className = className;
    readonly layer: Layer;
    readonly isIdentity = false;
    options: Required<O>;
    #kernels: readonly Reparametrized[] = [];

    constructor({ layer, ...given }: { readonly layer: Layer }) {
      const { own, base } = split(given, name, ambiguous);
      checkInner(name, layer);
      if ('goBackwards' in own)
        throw new OptionError(messages.wrapBidirectional(name), { option: 'layer', received: layer.getClassName() });
      const options = checkOptions<O>(name, specs, normalize(own));
      super({ ...inputOf(layer), ...base });
      this.layer = layer;
      this.options = options;
      this.supportsMasking = layer.supportsMasking;
      this.inputSpec = layer.inputSpec;
      this.trainable = (base as { trainable?: boolean }).trainable ?? layer.trainable;
    }

    static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      { customObjects, layer, ...config }: tf.serialization.ConfigDict,
      ...more: unknown[]
    ): T {
      return new cls({ ...config, layer: loadInner(name, layer as never, customObjects as never, more) as never });
    }

    override build(shape: Shape): void {
      const { layer } = this;
      buildInner(layer, shape);
      this.inputSpec = layer.inputSpec;
      this.#kernels = kernelsIn(name, layer, roles(this.options)).map(kernel => ({
        ...kernel,
        own: Object.fromEntries(
          Object.entries(besides).map(([key, weight]) => [key, this.#beside(kernel, key, weight)]),
        ),
      }));
      this.trainable = layer.trainable;
      super.build(shape);
    }

    #beside({ variable, name, fanInAxes }: FoundKernel, key: string, { initial, trainable }: OwnWeight): LayerVariable {
      const value = tf.tidy(() => initial(variable.read(), fanInAxes));
      const initializer = { apply: () => value } as unknown as Parameters<Layer['addWeight']>[3];
      try {
        return this.addWeight(`${name}_${key}`, value.shape, variable.dtype, initializer, undefined, trainable);
      } finally {
        value.dispose(); // where saved weights follow, TF.js starts from zeros instead
      }
    }

    override call(inputs: Call[0], kwargs: Call[1]): tf.Tensor | tf.Tensor[] {
      return tf.tidy(() => {
        const at = forwardContext(this, kwargs, { seed: seedOf(this.options), streams });
        const values = new Map(this.#kernels.map(kernel => [kernel.variable, this.#value(kernel, at)]));
        return standIn(values, () => this.layer.call(inputs, kwargs));
      });
    }

    #value(kernel: Reparametrized, at: ForwardMoment | undefined): tf.Tensor {
      const { variable, role, fanInAxes } = kernel;
      const own = Object.fromEntries(
        Object.entries(kernel.own).map(([key, weight]) => [key, weight.read() as tf.Variable]),
      );
      try {
        const value = transform(variable.read(), { role, fanInAxes, own }, this.options, at);
        const shape = variable.shape as number[];
        if (!tf.util.arraysEqual(value.shape, shape))
          throw new Error(messages.shapeChanged(kernel.name, shape, value.shape));
        return value;
      } catch (error) {
        throw PluginError.from(error, this.name, 'kernel');
      }
    }

    describeWeights(): ReturnType<DescribesWeights['describeWeights']> {
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
      return moved && this.#kernels.some(({ variable }) => variable === weight) ? other : undefined;
    }

    override computeOutputShape(shape: Shape): Shape {
      return this.layer.computeOutputShape(shape);
    }

    override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
      return this.layer.computeMask(inputs, mask);
    }

    override get trainable(): boolean {
      return this.layer?.trainable ?? super.trainable;
    }
    override set trainable(value: boolean) {
      super.trainable = value;
      if (this.layer) this.layer.trainable = value;
    }

    override get trainableWeights(): LayerVariable[] {
      return [...this.layer.trainableWeights, ...super.trainableWeights];
    }
    override get nonTrainableWeights(): LayerVariable[] {
      return [...this.layer.nonTrainableWeights, ...super.nonTrainableWeights];
    }
    override get losses(): Layer['losses'] {
      return this.layer.losses;
    }

    override get stateful(): boolean {
      return this.layer.stateful;
    }
    override resetStates(): void {
      this.layer.resetStates();
    }

    override setFastWeightInitDuringBuild(value: boolean): void {
      super.setFastWeightInitDuringBuild(value);
      this.layer.setFastWeightInitDuringBuild(value);
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        layer: saveInner(this.layer),
        ...savedOptions(name, this.options),
      };
    }

    describeNoise(): readonly Noise[] {
      return noisesFrom<O>(this, noise, seedOf(this.options));
    }

    setOptions(patch: Partial<O>): () => void {
      const before = this.options;
      this.options = checkOptions<O>(name, specs, { ...before, ...normalize(patch) });
      return () => {
        this.options = before;
      };
    }
  }

  const factory = (layer: Layer, ...[given]: OptionArguments<LayerOptions<Given>>): WrapperLayer<O> => {
    const { own, base } = split(given === undefined ? {} : given, name, ambiguous);
    return new Wrapper({ ...own, ...base, layer });
  };
  return Object.assign(factory, {
    layerClass: Wrapper as unknown as WrapperFactory<O>['layerClass'],
    definition,
  });
}

const other: Description = { role: 'other', fanInAxes: [] };
