/** A layer around another one: everything it reports comes from the inner layer. A marked seam: read in tfjs-layers 4.22, modeled on `Wrapper` there. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Layer } from '../model/layerTree.ts';
import { buildInner, saveInner } from './innerLayer.ts';
import { PluginLayer } from './pluginLayer.ts';

type Shape = Parameters<Layer['build']>[0];

export abstract class Wrapper<O extends object> extends PluginLayer<O> {
  readonly layer: Layer;

  constructor(layer: Layer, args: { readonly trainable?: boolean }) {
    super(args);
    this.layer = layer;
    this.supportsMasking = layer.supportsMasking;
    this.inputSpec = layer.inputSpec;
    this.trainable = args.trainable ?? layer.trainable;
  }

  /** Called once the inner layer is built. */
  protected abstract buildOwn(): void;

  override build(shape: Shape): void {
    const { layer } = this;
    buildInner(layer, shape);
    this.inputSpec = layer.inputSpec;
    this.buildOwn();
    this.trainable = layer.trainable;
    super.build(shape);
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
    return { ...super.getConfig(), layer: saveInner(this.layer) };
  }
}
