import { OptionError } from '@keepprob/core';
import { checkModel, messages } from '@keepprob/core/driver';
import { keepProbNoisesOf, setKeepProbOf } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { inReverse } from './inReverse.ts';
import { noiseOff } from './noiseOff.ts';

/**
 * Sets the keepProb of every dropout in the model, or of the named layers. 1 for all turns everything random off, `noiseOff(model)`, so that J
 * can be looked at. Takes effect at the next step. Stock dropout layers and the dropout of recurrent cells are set as well.
 * @returns what restores the values that were there
 * @throws OptionError for a keepProb out of (0, 1] or an unknown name, before anything is changed
 */
export function setKeepProb(model: LayersModel, keepProb: number | Readonly<Record<string, number>>): () => void {
  checkModel(model);
  if (keepProb === 1) return noiseOff(model);
  const dropouts = keepProbNoisesOf(model);
  const names = [...new Set(dropouts.map(d => d.name))];
  const table = typeof keepProb === 'object' ? keepProb : Object.fromEntries(names.map(name => [name, keepProb]));
  for (const value of [...Object.values(table), ...(typeof keepProb === 'object' ? [] : [keepProb])]) {
    if (!(value > 0 && value <= 1)) throw OptionError.of('setKeepProb', 'keepProb', 'a number > 0 ≤ 1', value);
  }
  for (const name of Object.keys(table)) {
    if (names.includes(name)) continue;
    throw new OptionError(messages.layerUnknown('setKeepProb', name, names), {
      option: name,
      expected: 'the name of a layer with dropout',
      received: name,
    });
  }
  return inReverse(
    dropouts.flatMap(({ name, noise }) => {
      const value = table[name];
      return value === undefined ? [] : [() => setKeepProbOf(noise, value)];
    }),
  );
}
