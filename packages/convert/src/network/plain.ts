/** Layers of keepprob in the words of Keras, which the translations know: what is kept becomes the rate that is dropped. */
import { isSchedule } from '@keepprob/core';
import type { Call } from '@keepprob/core/driver';
import type { Settings } from './settings.ts';

type Layer = Call['layer'];

/** What a layer is. */
export interface Plain {
  /** The name that Keras has for its class, or would have. */
  readonly className: string;
  /** What it was made with. */
  readonly config: Settings;
  /** Options that change over time: their last value is taken. */
  readonly ends: readonly string[];
}

/** The option of each class of ours, and what Keras calls it. */
const dropped = { keepProb: 'rate' };
const recurrent = { keepProb: 'dropout', recurrentKeepProb: 'recurrentDropout' };
const ours: Readonly<Record<string, readonly [className: string, names: Readonly<Record<string, string>>]>> = {
  KeepprobAlphaDropout: ['AlphaDropout', dropped],
  KeepprobDropPath: ['DropPath', dropped],
  KeepprobDropBlock2D: ['DropBlock2D', dropped],
  KeepprobDropConnect: ['DropConnect', dropped],
  KeepprobDropout: ['Dropout', dropped],
  KeepprobEmbeddingDropout: ['EmbeddingDropout', dropped],
  KeepprobFeatureAlphaDropout: ['FeatureAlphaDropout', dropped],
  KeepprobGRU: ['GRU', recurrent],
  KeepprobGaussianDropout: ['GaussianDropout', dropped],
  KeepprobGaussianNoise: ['GaussianNoise', { stddev: 'stddev' }],
  KeepprobLSTM: ['LSTM', recurrent],
  KeepprobSimpleRNN: ['SimpleRNN', recurrent],
  KeepprobSpatialDropout1D: ['SpatialDropout1D', dropped],
  KeepprobSpectralNorm: ['SpectralNorm', {}],
  KeepprobWeightNorm: ['WeightNorm', {}],
  KeepprobWordDropout: ['WordDropout', dropped],
};

/** Whether a layer of ours computes with weights of the layer inside of it. */
export const isReparametrized = (className: string): boolean =>
  ['DropConnect', 'EmbeddingDropout', 'SpectralNorm', 'WeightNorm'].includes(className);

/** 1 − keepProb, and not .30000000000000004 where .3 means the same. */
const rateOf = (keepProb: number): number => Number((1 - keepProb).toFixed(12));

/** The last value of a schedule, or the number itself. */
const lastOf = (value: unknown): unknown => (isSchedule(value) ? value.values.at(-1) : value);

/** A layer as Keras would say it. */
export function plainOf(layer: Layer): Plain {
  const config: Settings = layer.getConfig();
  const className = layer.getClassName();
  const [known, names] = Object.hasOwn(ours, className) ? (ours[className] ?? []) : [];
  if (known === undefined || names === undefined) return { className, config, ends: [] };
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => {
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    if (name === undefined) return [key, value];
    const last = lastOf(value);
    return [name, name === 'stddev' || typeof last !== 'number' ? last : rateOf(last)];
  });
  return {
    className: known,
    config: Object.fromEntries(entries),
    ends: Object.keys(names).filter(key => isSchedule(config[key])),
  };
}
