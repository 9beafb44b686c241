/** Describes keepprob layers in terms of Keras, for the translations: a keepProb becomes a dropout rate. */
import { isSchedule } from '@keepprob/core';
import type { Call } from '@keepprob/core/driver';
import type { Settings } from './settings.ts';

type Layer = Call['layer'];

/** The description of a layer. */
export interface Plain {
  /** The name of its class in Keras, or the name it would have there. */
  readonly className: string;
  /** Its config. */
  readonly config: Settings;
  /** Options that change over time; their last value is used. */
  readonly ends: readonly string[];
}

/** The options of our classes, and their names in Keras. */
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

/** Whether it is a layer of ours that computes with the weights of its inner layer. */
export const isReparametrized = (className: string): boolean =>
  ['DropConnect', 'EmbeddingDropout', 'SpectralNorm', 'WeightNorm'].includes(className);

/** 1 − keepProb, rounded so that .3 does not become .30000000000000004. */
const rateOf = (keepProb: number): number => Number((1 - keepProb).toFixed(12));

/** The last value of a schedule, or the number itself. */
const lastOf = (value: unknown): unknown => (isSchedule(value) ? value.values.at(-1) : value);

/** A layer in terms of Keras. */
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
