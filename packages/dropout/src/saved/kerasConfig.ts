/**
 * The configs of Keras, for layers that carry its class names: Keras, its converter and stock TF.js read and write them.
 * A schedule, for which Keras has no field, stands next to the number that it ends at, as `rate_schedule`: stock TF.js trains with that
 * number, and Keras refuses the file, as it must.
 */
import { isSchedule } from '@keepprob/core';
import type { ConfigFormat } from '@keepprob/core/layers';
import type { serialization } from '@tensorflow/tfjs-core';

type Config = serialization.ConfigDict;

/** 1 − keepProb, and not .30000000000000004 where .3 means the same keepProb. */
function rateOf(keepProb: number): number {
  const short = Number((1 - keepProb).toFixed(12));
  return 1 - short === keepProb ? short : 1 - keepProb;
}

/** What Keras writes as null where it was not given, and older versions of it do not know at all. */
const optional = ['noiseShape', 'dataFormat', 'seed'];
const withoutNulls = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([key, value]) => value !== null || !optional.includes(key)));

/** The field `ours` of a layer as Keras' field `keras`. */
function field(ours: string, keras: string, convert: (value: number) => number): ConfigFormat {
  const beside = `${keras}Schedule`;
  return {
    save(config) {
      const { [ours]: value, ...rest } = withoutNulls(config);
      if (!isSchedule(value)) return { ...rest, [keras]: convert(Number(value)) };
      return { ...rest, [keras]: convert(value.values.at(-1) ?? 1), [beside]: value };
    },
    load(config) {
      const { [keras]: value, [beside]: schedule, ...rest } = withoutNulls(config);
      if (schedule !== undefined) return { ...rest, [ours]: schedule };
      return value === undefined ? rest : { ...rest, [keras]: value };
    },
  };
}

/** One format after the other. */
const both = (first: ConfigFormat, second: ConfigFormat): ConfigFormat => ({
  save: config => second.save(first.save(config)),
  load: config => first.load(second.load(config)),
});

/** Dropout, AlphaDropout, GaussianDropout, SpatialDropout2D and 3D. */
export const kerasRate: ConfigFormat = field('keepProb', 'rate', rateOf);

/** SpatialDropout1D, which knows no `data_format`: said only where it is not Keras' own. */
export const kerasRate1D: ConfigFormat = both(kerasRate, {
  save: config => Object.fromEntries(Object.entries(config).filter(([, value]) => value !== 'channelsLast')),
  load: config => config,
});

/** GaussianNoise. */
export const kerasStddev: ConfigFormat = field('stddev', 'stddev', stddev => stddev);

/** LSTM, GRU, SimpleRNN. */
export const kerasRecurrent: ConfigFormat = both(
  field('keepProb', 'dropout', rateOf),
  field('recurrentKeepProb', 'recurrentDropout', rateOf),
);
