/** The dropout of a model as facts, as its layers tell them: what is dropped, how strongly, from which random stream. */
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
  /** Class of the layer; of one with several noises also the option: `LSTMCell.recurrentDropout`. */
  readonly className: string;
  /** The option that sets it, where the layer has several noises. */
  readonly option: string | undefined;
  readonly noise: Noise;
  readonly mask: Mask | undefined;
  /** Undefined where it is scheduled. */
  readonly keepProb: number | undefined;
  /** How its noise differs from a mask on activations, divided by keepProb; undefined where it is one. */
  readonly unlike: string | undefined;
  /** Ordinal among the layer plugins, or undefined for TF.js' own layers, whose masks cannot be drawn again. */
  readonly site: number | undefined;
  /** TF.js' own with a seed: repeats one mask for ever, so that one frozen sub-network is trained. */
  readonly frozen: boolean;
}

/** In `model.layers` order, nested models, wrappers and cells opened. */
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
  /** Whether all rows of a batch have one mask. */
  readonly sharedByRows: boolean;
}

/** The mask of a dropout; undefined where its noise is not a mask on activations. */
function maskOf(layer: Layer, { noiseShape, target }: Noise): Mask | undefined {
  if (!noiseShape || target !== 'activations') return undefined;
  return {
    shape: input => sizesOf(noiseShape(input), input),
    sharedByRows: noiseShape(inputShapeOf(layer) ?? [])?.[0] === 1,
  };
}

/** Shape of a layer's input, null where it depends on the data; undefined for a layer that another layer calls, as in TimeDistributed. */
export const inputShapeOf = ({ inboundNodes: [node] }: Layer): readonly (number | null)[] | undefined =>
  node?.inputShapes[0] as readonly (number | null)[] | undefined;

/** What must be said about dropout layers whatever the question is. */
export const warningsAbout = (dropouts: readonly DropoutLayer[]): string[] =>
  dropouts
    .filter(({ frozen }) => frozen)
    .map(
      ({ name, noise }) =>
        `"${name}" is TF.js' own dropout with seed ${noise.seed}: it repeats one mask for ever, so one frozen sub-network is trained. Use dropout() of @keepprob/dropout.`,
    );

/** The keepProb at a step, schedules included. `epoch` is asked for only where a schedule goes by epoch. */
export const keepProbAt = ({ noise }: DropoutLayer, step: number, epoch: () => number): number =>
  keepProbOfNoise(noise, {
    step,
    get epoch() {
      return epoch();
    },
  });
