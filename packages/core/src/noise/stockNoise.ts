/**
 * The noises of TF.js' own layers. The only place that knows these layers by name. A marked seam: read in tfjs-layers 4.22, where `rate`, `stddev`,
 * `dropout` and `recurrentDropout` are read at every call and have no effect at 0 and at 1, where only `Dropout` and `SpatialDropout1D` take a seed,
 * with which each call draws the same numbers, and where a cell keeps the mask that it drew. `RandomWidth` is left out: it cannot be used in a model.
 */
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from '../model/layerTree.ts';
import { type Noise, type NoiseDefinition, type NoiseShape, noisesFrom } from './noise.ts';

/** The fields of a layer that matter here. */
interface Fields {
  rate: number;
  stddev: number;
  dropout: number;
  recurrentDropout: number;
  noiseShape?: NoiseShape;
  seed?: number | null;
  /** One per gate, if there are several. */
  dropoutMask?: Tensor | Tensor[] | null;
  recurrentDropoutMask?: Tensor | Tensor[] | null;
}

type Strength = 'rate' | 'stddev' | 'dropout' | 'recurrentDropout';
type StockNoises = { readonly [S in Strength]?: NoiseDefinition<Fields> };

const drops = { strength: 'dropped', effect: 'multiplies', target: 'activations' } as const;
const given: NoiseDefinition<Fields>['noiseShape'] = (_, { noiseShape }) => noiseShape ?? null;

const insideRecurrent = 'it drops inside the recurrent layer, with one mask for all time steps';
const cell: StockNoises = {
  dropout: { ...drops, target: 'inputs', unlike: insideRecurrent },
  recurrentDropout: { ...drops, target: 'state', unlike: insideRecurrent },
};

const byClass: Readonly<Record<string, StockNoises>> = {
  Dropout: { rate: { ...drops, noiseShape: given } },
  SpatialDropout1D: { rate: { ...drops, noiseShape: () => [null, 1, null] } },
  GaussianDropout: { rate: { ...drops, unlike: 'its noise is Gaussian, not a mask' } },
  AlphaDropout: {
    rate: { ...drops, effect: 'replaces', noiseShape: given, unlike: 'what it drops becomes another number than 0' },
  },
  GaussianNoise: {
    stddev: { strength: 'stddev', effect: 'adds', target: 'activations', unlike: 'it adds Gaussian noise' },
  },
  SimpleRNNCell: cell,
  GRUCell: cell,
  LSTMCell: cell,
  ConvLSTM2DCell: cell,
};

/** The noises of a layer of TF.js; none for a layer of another class. */
export function stockNoise(layer: Layer): readonly Noise[] {
  const definitions = byClass[layer.getClassName()];
  if (!definitions) return [];
  const fields = layer as unknown as Fields;
  const setOptions = (patch: Partial<Fields>): (() => void) => {
    const before = Object.fromEntries(Object.keys(patch).map(key => [key, fields[key as Strength]]));
    change(fields, patch);
    return () => change(fields, before);
  };
  const noises = noisesFrom<Fields>(
    { options: fields as Required<Fields>, setOptions },
    definitions,
    fields.seed ?? null,
  );
  const drops = ({ value }: Noise): boolean => Number(value) > 0 && Number(value) < 1;
  return noises.map(noise =>
    noise.strength === 'stddev' || drops(noise) ? noise : { ...noise, value: 0, isOn: false },
  );
}

/** Changes fields, and discards a mask that a cell drew at another rate: `tf.layers.rnn` would use it forever. */
function change(fields: Fields, patch: Partial<Fields>): void {
  Object.assign(fields, patch);
  for (const mask of ['dropoutMask', 'recurrentDropoutMask'] as const) {
    if (!fields[mask]) continue;
    dispose(fields[mask]);
    fields[mask] = null;
  }
}
