/** The dropout of a model as described by its layers: what is dropped, how strongly, from which random stream. */
import {
  isLayerPlugin,
  keepProbNoisesOf,
  keepProbAt as keepProbOfNoise,
  type Layer,
  layerPluginsOf,
  type Noise,
  noiseOf,
  type PlacedNoise,
  sizesOf,
  unlikeDropout,
} from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface DropoutLayer {
  readonly name: string;
  readonly layer: Layer;
  /** Class of the layer, followed by the option if the layer has several noises: `LSTMCell.recurrentDropout`. */
  readonly className: string;
  /** The option that sets it, if the layer has several noises. */
  readonly option: string | undefined;
  readonly noise: Noise;
  readonly mask: Mask | undefined;
  /** Undefined if it is scheduled. */
  readonly keepProb: number | undefined;
  /** How its noise differs from a mask on activations, divided by keepProb; undefined if it does not. */
  readonly unlike: string | undefined;
  /** Ordinal among the layer plugins, or undefined for TF.js' own layers, whose masks cannot be drawn again. */
  readonly site: number | undefined;
  /** A dropout layer of TF.js with a seed: it repeats one mask forever, so only one frozen sub-network is trained. */
  readonly frozen: boolean;
}

/** The dropouts in `model.layers` order, including those in nested models, wrappers and cells. */
export function dropoutsOf(model: LayersModel): DropoutLayer[] {
  const sites = new Map(layerPluginsOf(model).map((layer, ordinal) => [layer, ordinal]));
  return keepProbNoisesOf(model).map(placed => dropoutOf(placed, sites.get(placed.layer)));
}

const always = { step: 0, epoch: 0 };

function dropoutOf({ name, layer, noise }: PlacedNoise, site: number | undefined): DropoutLayer {
  const option = noiseOf(layer).length > 1 ? noise.option : undefined;
  return {
    ...{ name, layer, option, noise, site },
    className: [layer.getClassName(), option].filter(Boolean).join('.'),
    keepProb: typeof noise.value === 'number' ? keepProbOfNoise(noise, always) : undefined,
    mask: maskOf(layer, noise),
    unlike: unlikeDropout(noise),
    frozen: noise.seed !== null && !isLayerPlugin(layer),
  };
}

/** A mask on activations. */
export interface Mask {
  /** Sizes of the mask for an input of this shape, batch axis first. */
  shape(input: readonly number[]): number[];
  /** Whether all rows of a batch share one mask. */
  readonly sharedByRows: boolean;
}

/** The mask of a dropout; undefined if its noise is not a mask on activations. */
function maskOf(layer: Layer, { noiseShape, target }: Noise): Mask | undefined {
  if (!noiseShape || target !== 'activations') return undefined;
  return {
    shape: input => sizesOf(noiseShape(input), input),
    sharedByRows: noiseShape(inputShapeOf(layer) ?? [])?.[0] === 1,
  };
}

/** Shape of a layer's input, with null for sizes that depend on the data; undefined for a layer that another layer calls, as in TimeDistributed. */
export const inputShapeOf = ({ inboundNodes: [node] }: Layer): readonly (number | null)[] | undefined =>
  node?.inputShapes[0] as readonly (number | null)[] | undefined;

/** Warnings about dropout layers that apply to every question. */
export const warningsAbout = (dropouts: readonly DropoutLayer[]): string[] =>
  dropouts
    .filter(({ frozen }) => frozen)
    .map(
      ({ name, noise }) =>
        `"${name}" is TF.js' own dropout with seed ${noise.seed}: it repeats one mask forever, so one frozen sub-network is trained. Use dropout() of @keepprob/dropout.`,
    );

/** The keepProb at a step, schedules included. `epoch` is called only if a schedule depends on it. */
export const keepProbAt = ({ noise }: DropoutLayer, step: number, epoch: () => number): number =>
  keepProbOfNoise(noise, {
    step,
    get epoch() {
      return epoch();
    },
  });
