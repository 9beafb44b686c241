import {
  definePlugin,
  KeptTensors,
  type Moment,
  OptionError,
  option,
  type Varying,
  valueAt,
  type Weight,
} from '@keepprob/core';
import { add, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';

/** Options of `layerRates`. */
export interface LayerRatesOptions {
  /**
   * How many times the learning rate a layer has, ≥ 0, by its name or by its path (`2-Functional`, a model, stands for all in it); 1 for a layer that is not named, 0 while it should stay unchanged. May be schedules or functions.
   */
  readonly rates: Readonly<Record<string, Varying>>;
}

const rate = option.varying({ min: 0 });

/** Whether a name means the layer of a weight: its name, its path, or the path of a model or layer around it. */
const isMeant = (name: string, { layer, path }: Weight): boolean => layer === name || path.startsWith(`${name}/`);

/**
 * A learning rate for each layer: of each update, weight decay included, a layer makes m times as much, w ← w₀ + m (w − w₀). It works with any optimizer, since
 * the update itself is scaled and not the gradient. Smaller rates for earlier layers are discriminative fine-tuning; a rate that is 0 at first is gradual
 * unfreezing, in one run (Howard & Ruder 2018, §3.2 and §3.3).
 *
 * The optimizer's moments go on while a rate is 0, and so do batch norm's statistics: `trainable = false` stops these. Put it in front of what else acts
 * after an update (`maxNorm`, `ema`).
 * @example
 * attach(model, tf.train.adam(1e-3), layerRates({ rates: { hidden1: 0.1, hidden2: 0.3 } }));
 * layerRates({ rates: { hidden1: byEpoch([0, 0, 0.1]) } }); // from the third epoch on, at a tenth of the rate
 * @throws OptionError for a rate below 0; at the first update for a name that no trained weight has
 */
export const layerRates = definePlugin<LayerRatesOptions>({
  name: 'layerRates',
  options: {
    rates: { ...option.record(rate), expected: `an object of names of layers, each with ${rate.expected}` },
  },
  setup({ rates }) {
    const before = new KeptTensors();
    let checked = false;
    const named = Object.entries(rates);
    /** The rate that the last name in the table which means it gives. */
    const rateOf = (weight: Weight, at: Moment): number => {
      const [, given = 1] = named.findLast(([name]) => isMeant(name, weight)) ?? [];
      return valueAt(given, at);
    };
    return {
      beforeUpdate(weights, at) {
        // once: a layer may be frozen later
        if (!checked) checkNames(Object.keys(rates), weights);
        checked = true;
        before.dispose();
        for (const weight of weights) if (rateOf(weight, at) !== 1) before.set(weight.path, weight.variable);
      },
      afterUpdate(weights, at) {
        for (const weight of weights) {
          const old = before.get(weight.path);
          if (old) weight.variable.assign(partOf(old, weight.variable, rateOf(weight, at)) as typeof weight.variable);
        }
        before.dispose();
      },
      dispose: () => before.dispose(),
    };
  },
});

/** w₀ + m (w − w₀); w₀ itself for m = 0, whatever w has become. */
const partOf = (old: Tensor, now: Tensor, m: number): Tensor =>
  m === 0 ? old : tidy(() => add(old, mul(sub(now, old), m)));

function checkNames(names: readonly string[], weights: readonly Weight[]): void {
  const unknown = names.find(name => !weights.some(weight => isMeant(name, weight)));
  if (unknown === undefined) return;
  const known = [...new Set(weights.map(({ layer }) => layer))].join(', ');
  throw OptionError.of('layerRates', 'rates', `names of layers with trained weights (${known}), or paths`, unknown);
}
