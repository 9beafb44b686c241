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
  /** Shape of the mask for an input of this shape, batch axis included; undefined where the noise is not a mask on x. */
  readonly noiseShape?: (shape: readonly number[]) => number[];
  /** Whether what is kept is x / keepProb, so that the expectation is x. */
  readonly multiplies: boolean;
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
/** TF.js' own layers that drop or disturb by a rate. */
const stock = ['Dropout', 'SpatialDropout1D', 'GaussianDropout', 'AlphaDropout'];

/** In `model.layers` order, nested models, wrappers and cells opened; cells count where they drop something. */
export function dropoutsOf(model: LayersModel): DropoutLayer[] {
  const sites = new Map(layerPluginsOf(model).map((layer, ordinal) => [layer, ordinal]));
  return layerTree(model).flatMap(({ layer, name }): DropoutLayer[] => {
    const className = layer.getClassName();
    const masks = noiseShapes[className];
    const multiplies = masks !== undefined && className !== 'KeepprobAlphaDropout';
    const common = { layer, className, multiplies };
    if (isLayerPlugin(layer)) {
      const options = (layer as unknown as PluginLayer).options as Config;
      const keepProb = [options?.keepProb, options?.recurrentKeepProb, options?.fixedKeepProb].find(
        k => k !== undefined,
      );
      if (keepProb === undefined) return [];
      return [
        {
          ...common,
          name: layer.name,
          keepProb: (keepProb ?? Number.NaN) as number | Schedule,
          ...(masks && { noiseShape: masks(options) }),
          site: sites.get(layer) as number,
          seed: (options.seed as number | null | undefined) ?? null,
          frozen: false,
        },
      ];
    }
    if (stock.includes(className)) {
      const config = layer.getConfig() as Config;
      const seed = (config.seed as number | null | undefined) ?? null;
      const keepProb = 1 - (config.rate as number);
      const noiseShape = masks && { noiseShape: masks(config) };
      return [{ ...common, name: layer.name, keepProb, ...noiseShape, seed, frozen: seed !== null && multiplies }];
    }
    const cell = layer as unknown as Partial<Record<'dropout' | 'recurrentDropout', unknown>>;
    if (!className.endsWith('Cell')) return [];
    return (['dropout', 'recurrentDropout'] as const).flatMap(field => {
      const rate = cell[field];
      if (typeof rate !== 'number' || rate === 0) return [];
      return [{ ...common, name, className: `${className}.${field}`, keepProb: 1 - rate, seed: null, frozen: false }];
    });
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
