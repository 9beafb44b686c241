/**
 * The dropout layers of a model as facts: what is dropped, how strongly, from which random stream. A marked seam: read in tfjs-layers 4.22,
 * where `getConfig` of `Dropout` and `SpatialDropout1D` gives rate, noiseShape and seed, and recurrent cells hold `dropout` and
 * `recurrentDropout`.
 */
import { type Moment, type Schedule, valueAt } from '@keepprob/core';
import { isLayerPlugin, type Layer, layerPluginsOf, layerTree, type PluginLayer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface DropoutLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly className: string;
  readonly keepProb: number | Schedule;
  /** Shape of the mask for an input of this shape, batch axis included; undefined where there is no mask on the input. */
  readonly noiseShape?: (shape: readonly number[]) => number[];
  /** How its noise differs from a mask on activations, divided by keepProb; undefined where it is one. */
  readonly unlike?: string;
  /** Ordinal among the layer plugins, or undefined for TF.js' own layers, whose masks cannot be drawn again. */
  readonly site?: number;
  readonly seed: number | null;
  /** TF.js' own with a seed: repeats one mask for ever, so that one frozen sub-network is trained. */
  readonly frozen: boolean;
}

type Config = Readonly<Record<string, unknown>>;
type NoiseShape = (shape: readonly number[]) => number[];

const spatial =
  (channelsFirst: boolean): NoiseShape =>
  shape =>
    shape.map((size, axis) => (axis === 0 || axis === (channelsFirst ? 1 : shape.length - 1) ? size : 1));

const given =
  (noiseShape: unknown): NoiseShape =>
  shape =>
    shape.map((size, axis) => (noiseShape as readonly (number | null)[] | null | undefined)?.[axis] ?? size);

const noiseShapes: Readonly<Record<string, (config: Config) => NoiseShape>> = {
  KeepprobDropout: config => given(config.noiseShape),
  Dropout: config => given(config.noiseShape),
  KeepprobSpatialDropout1D: config => spatial(config.dataFormat === 'channelsFirst'),
  SpatialDropout1D: () => spatial(false),
  SpatialDropout2D: config => spatial(config.dataFormat === 'channelsFirst'),
  SpatialDropout3D: config => spatial(config.dataFormat === 'channelsFirst'),
  KeepprobAlphaDropout: () => given(null),
};

const alpha = 'what it drops becomes another number than 0';
const gaussian = 'its noise is Gaussian, not a mask';
const recurrent = 'it drops inside the recurrent layer, with one mask for all time steps';
const differences: Readonly<Record<string, string>> = {
  KeepprobAlphaDropout: alpha,
  KeepprobFeatureAlphaDropout: alpha,
  AlphaDropout: alpha,
  KeepprobGaussianDropout: gaussian,
  GaussianDropout: gaussian,
  KeepprobConcreteDropout: 'its mask is soft, and its rate is learned',
  KeepprobDropBlock2D: 'its masks are blocks of neighbours, scaled by what was kept',
  KeepprobDropPath: 'it drops whole branches, not units',
  KeepprobWordDropout: 'it replaces words, and divides nothing',
  KeepprobDropConnect: 'it drops weights, not activations',
  KeepprobEmbeddingDropout: 'it drops rows of the embedding matrix, not activations',
  KeepprobLSTM: recurrent,
  KeepprobGRU: recurrent,
  KeepprobSimpleRNN: recurrent,
};

const differenceOf = (className: string): { unlike?: string } => {
  const unlike = differences[className] ?? (noiseShapes[className] ? undefined : 'what its noise is like is not known');
  return unlike === undefined ? {} : { unlike };
};

/** TF.js' own layers that drop or disturb by a rate. */
const stock = ['Dropout', 'SpatialDropout1D', 'GaussianDropout', 'AlphaDropout'];
const repeating = ['Dropout', 'SpatialDropout1D'];

/** In `model.layers` order, nested models, wrappers and cells opened; recurrent layers and cells count where they drop something. */
export function dropoutsOf(model: LayersModel): DropoutLayer[] {
  const sites = new Map(layerPluginsOf(model).map((layer, ordinal) => [layer, ordinal]));
  return layerTree(model).flatMap(({ layer, name }): DropoutLayer[] => {
    if (isLayerPlugin(layer)) return ours(layer, sites.get(layer) as number);
    if (stock.includes(layer.getClassName())) return [stockDropout(layer)];
    return layer.getClassName().endsWith('Cell') ? stockCell(layer, name) : [];
  });
}

/** A layer plugin tells by the names of its options. */
function ours(layer: Layer, site: number): DropoutLayer[] {
  const className = layer.getClassName();
  const options = (layer as unknown as PluginLayer).options as Config;
  const masks = noiseShapes[className];
  const common = {
    ...{ name: layer.name, layer, site, frozen: false, ...differenceOf(className) },
    ...(masks && { noiseShape: masks(options) }),
    seed: (options?.seed as number | null | undefined) ?? null,
  };
  if (className === 'KeepprobConcreteDropout') {
    const learned = (layer as unknown as { keepProb(): number }).keepProb;
    const keepProb = (options.fixedKeepProb as number | Schedule | null) ?? learned.call(layer);
    return [{ ...common, className, keepProb }];
  }
  const fields = Object.keys(options ?? {}).filter(key => /^(keepProb|recurrentKeepProb)$/.test(key));
  const dropping = fields.length > 1 ? fields.filter(field => options[field] !== 1) : fields;
  return dropping.map(field => ({
    ...common,
    className: fields.length > 1 ? `${className}.${field}` : className,
    keepProb: options[field] as number | Schedule,
  }));
}

function stockDropout(layer: Layer): DropoutLayer {
  const className = layer.getClassName();
  const config = layer.getConfig() as Config;
  const seed = (config.seed as number | null | undefined) ?? null;
  return {
    ...{ name: layer.name, layer, className, seed, keepProb: 1 - (config.rate as number), ...differenceOf(className) },
    ...(noiseShapes[className] && { noiseShape: noiseShapes[className](config) }),
    frozen: seed !== null && repeating.includes(className),
  };
}

function stockCell(cell: Layer, name: string): DropoutLayer[] {
  return (['dropout', 'recurrentDropout'] as const).flatMap(field => {
    const rate = (cell as unknown as Config)[field];
    if (typeof rate !== 'number' || rate === 0) return [];
    const className = `${cell.getClassName()}.${field}`;
    return [{ name, layer: cell, className, keepProb: 1 - rate, unlike: recurrent, seed: null, frozen: false }];
  });
}

/** What must be said about dropout layers whatever the question is. */
export const warningsAbout = (dropouts: readonly DropoutLayer[]): string[] =>
  dropouts
    .filter(({ frozen }) => frozen)
    .map(
      ({ name, seed }) =>
        `"${name}" is TF.js' own dropout with seed ${seed}: it repeats one mask for ever, so one frozen sub-network is trained. Use dropout() of @keepprob/dropout.`,
    );

/** The keepProb at a step, schedules included. `epoch` is asked for only where a schedule goes by epoch. */
export const keepProbAt = (keepProb: number | Schedule, step: number, epoch: () => number): number => {
  const at = {
    step,
    get epoch() {
      return epoch();
    },
  };
  return valueAt(keepProb, at as Moment);
};
