/** What compositions are drawn from: every technique of the families that fits a small net on numbers with three classes. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { ema, swa } from '@keepprob/averaging';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { TrainingPlugin, Varying, Weight } from '@keepprob/core';
import type { Entry, LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import { catalogue as stopping } from '@keepprob/stopping/catalogue';
import * as tf from '@tensorflow/tfjs';

/** Every technique of every family. */
export const catalogue: readonly Entry[] = [augment, averaging, dropout, gradients, l1, l2, schedules, stopping].flat();

const onNumbers = catalogue.filter(
  (entry): entry is PluginEntry => entry.kind === 'plugin' && entry.takes === 'options' && !entry.trial.images,
);
const made = (entry: PluginEntry, options: object): TrainingPlugin =>
  entry.make(options, { model: tf.sequential(), of: [] });

/** Options that make a difference in a small net. Which log is watched means one thing in `fit` and another in stock fit: there, one set. */
const optionSets = ({ options, trial }: PluginEntry): readonly object[] => [
  trial.options ?? options,
  ...(trial.neutral ? [] : trial.variants),
];

/** Training plugins by name; the number picks among their options. */
export const plugins: Readonly<Record<string, (pick: number) => TrainingPlugin>> = {
  ...Object.fromEntries(
    onNumbers.map(entry => {
      const sets = optionSets(entry);
      return [entry.name, (pick: number) => made(entry, sets[pick % sets.length]!)];
    }),
  ),
  // what evaluation sees makes no difference to one plugin alone, and none to the kit
  emaThatEvaluates: () => ema(0.9),
  swaThatEvaluates: () => swa({ startEpoch: 1, every: { epochs: 2 }, evaluate: true }),
};

/** Layers for the middle of that net, by name. */
export const layers: Readonly<Record<string, () => tf.layers.Layer>> = {
  ...Object.fromEntries(
    catalogue
      .filter(
        (entry): entry is LayerEntry =>
          entry.kind === 'layer' && entry.trial.inputShape.length === 1 && entry.trial.input === undefined,
      )
      .map(({ name, make, options, around }) => [name, () => make(options, around())]),
  ),
  batchNormalization: () => tf.layers.batchNormalization({ momentum: 0.8 }),
};

/** A plugin on weights that are chosen by `where`, with a number of its own that may vary. */
export interface OnWeights {
  readonly value: number;
  readonly make: (value: Varying, where?: (weight: Weight) => boolean) => TrainingPlugin;
}

const onWeightsOf = (entry: PluginEntry): (readonly [string, OnWeights])[] => {
  const { name, definition, options, trial } = entry;
  const tried = trial.options ?? options;
  return Object.entries(tried)
    .filter(([option, value]) => typeof value === 'number' && definition.options[option]?.accepts(() => value))
    .map(([option, value]) => [
      `${name}, ${option}`,
      { value, make: (varying, where) => made(entry, { ...tried, [option]: varying, ...(where && { where }) }) },
    ]);
};

export const onWeights: Readonly<Record<string, OnWeights>> = Object.fromEntries(
  onNumbers.filter(({ definition }) => 'where' in definition.options).flatMap(onWeightsOf),
);
