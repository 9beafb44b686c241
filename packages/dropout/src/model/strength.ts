/**
 * Everything in a model that can be made less random, ours and stock's. A marked seam: read in tfjs-layers 4.22, where `rate` and `stddev` of the
 * noise layers and `dropout`, `recurrentDropout` of recurrent cells are read at every call; 0 is off.
 */
import { isLayerPlugin, type Layer, layerTree, type PluginLayer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

type Restore = () => void;

export interface Strength {
  /** Name of the layer, as the model's author gave it. */
  readonly name: string;
  /** Gives back what puts the old value back; of several, the last comes first. */
  off(): Restore;
  /** Additive noise has none. */
  setKeepProb?(keepProb: number): Restore;
}

const dropout = (name: string, setKeepProb: (keepProb: number) => Restore): Strength => ({
  name,
  off: () => setKeepProb(1),
  setKeepProb,
});

/** A layer plugin tells by the names of its options. Of two keepProbs, as of input and state, one that is off stays off. */
function ours(layer: PluginLayer<Record<string, unknown>>, place: string): Strength[] {
  const { options } = layer;
  const fields = Object.keys(options).filter(key => /^keepProb$|KeepProb$/.test(key));
  const drops = fields.length > 1 ? fields.filter(field => options[field] !== 1) : fields;
  // the halves of a Bidirectional layer have names that nobody gave them
  const name = fields.length > 1 ? place : layer.name;
  return [
    ...drops.map(field => dropout(name, value => layer.setOptions({ [field]: value }))),
    ...('stddev' in options ? [{ name, off: () => layer.setOptions({ stddev: 0 }) }] : []),
  ];
}

const stockFields: Readonly<Record<string, 'rate' | 'stddev'>> = {
  Dropout: 'rate',
  SpatialDropout1D: 'rate',
  GaussianDropout: 'rate',
  AlphaDropout: 'rate',
  GaussianNoise: 'stddev',
};

/** A field of a stock layer that is 0 where it does nothing: 1 − keepProb, or the deviation of the noise. */
function stock(name: string, layer: Layer, field: string): Strength {
  const fields = layer as unknown as Record<string, number>;
  const set = (value: number): Restore => {
    const before = fields[field] as number;
    fields[field] = value;
    return () => {
      fields[field] = before;
    };
  };
  return field === 'stddev' ? { name, off: () => set(0) } : dropout(name, keepProb => set(1 - keepProb));
}

/** The strengths of the model in `model.layers` order. Cells count where they drop something. */
export const strengthsOf = (model: LayersModel): Strength[] =>
  layerTree(model).flatMap(({ layer, name }): Strength[] => {
    if (isLayerPlugin(layer)) return ours(layer as unknown as PluginLayer<Record<string, unknown>>, name);
    const field = stockFields[layer.getClassName()];
    if (field) return [stock(layer.name, layer, field)];
    const cell = layer as unknown as Readonly<Record<string, unknown>>;
    return ['dropout', 'recurrentDropout']
      .filter(rate => layer.getClassName().endsWith('Cell') && typeof cell[rate] === 'number' && cell[rate] > 0)
      .map(rate => stock(name, layer, rate));
  });

/** Undoes a list of changes, the last one first. */
export const inReverse =
  (restores: readonly Restore[]): Restore =>
  () => {
    for (const restore of [...restores].reverse()) restore();
  };
