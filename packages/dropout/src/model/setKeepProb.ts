import { OptionError, option } from '@keepprob/core';
import { checkArgument, checkModel, isTable, messages } from '@keepprob/core/driver';
import { keepProbNoisesOf, type PlacedNoise, setKeepProbOf } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as ours from '../messages.ts';
import { inReverse } from './inReverse.ts';
import { noiseOff } from './noiseOff.ts';

const NAME = 'setKeepProb';
const valid = option.keepProb();
const either = option.either(
  valid,
  option.custom<Readonly<Record<string, number>>>('an object of these by layer name', isTable),
);

/**
 * Sets the keepProb of every dropout in the model, or of the named layers. Setting all to 1 turns off everything random, like `noiseOff(model)`, so that
 * you can look at J. It takes effect at the next step. Stock dropout layers and the dropout of recurrent cells are set as well.
 * If two layers have the same name, as in two nested models, name one by its path: `{ '1-Functional/0-Dropout': 0.5 }`.
 * @example
 * const regularized = keepProbs(model, { hidden1: 0.7, hidden2: 0.5 });
 * const restore = setKeepProb(regularized, { hidden2_dropout: 0.4 }); // from the next step on
 * restore();
 * @returns a function that restores the previous values
 * @throws OptionError for a keepProb out of (0, 1], an unknown name or a name of two layers (the error gives their paths), before anything changes
 */
export function setKeepProb(model: LayersModel, keepProb: number | Readonly<Record<string, number>>): () => void {
  checkModel(model, 'setKeepProb');
  checkArgument(NAME, 'keepProb', either, keepProb);
  if (keepProb === 1) return noiseOff(model);
  const dropouts = keepProbNoisesOf(model);
  const settings =
    typeof keepProb === 'object'
      ? Object.entries(keepProb).map(([name, value]) => ({ value, of: dropoutsNamed(dropouts, name) }))
      : [{ value: keepProb, of: dropouts }];
  for (const { value } of settings) {
    if (!valid.accepts(value)) throw OptionError.of(NAME, 'keepProb', valid.expected, value);
  }
  return inReverse(
    settings.flatMap(({ value, of }) =>
      of.map(
        ({ noise }) =>
          () =>
            setKeepProbOf(noise, value),
      ),
    ),
  );
}

/** The noises of one layer, by its name or by its path. */
function dropoutsNamed(dropouts: readonly PlacedNoise[], name: string): readonly PlacedNoise[] {
  const found = dropouts.filter(dropout => dropout.name === name || dropout.path === name);
  const what = { option: name, expected: 'the name of a layer with dropout', received: name };
  const paths = [...new Set(found.map(({ path }) => path))];
  if (paths.length > 1) throw new OptionError(ours.dropoutsOfOneName(NAME, name, paths), what);
  if (found.length) return found;
  const names = [...new Set(dropouts.map(dropout => dropout.name))];
  throw new OptionError(messages.layerUnknown(NAME, name, names), what);
}
