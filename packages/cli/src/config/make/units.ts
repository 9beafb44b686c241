import { OptionError } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs';
import type { DataSpec } from '../config.ts';
import * as messages from '../messages.ts';

/** The most classes that an error lists. */
const MOST = 6;

/** @throws OptionError if the model does not have one unit for each class, or for each label of a table */
export function checkUnits(owner: string, model: LayersModel, { classes, label }: DataSpec): void {
  const [shape, ...others] = model.outputs.map(output => output.shape);
  const units = shape?.at(-1);
  if (others.length || shape?.length !== 2 || typeof units !== 'number') return;
  const names = typeof classes === 'object' ? classes : undefined;
  const number = typeof classes === 'number' ? classes : undefined;
  const count = names?.length ?? number ?? (label === undefined ? undefined : [label].flat().length);
  if (count === undefined || count === units) return;
  const ofClasses = names ? ` (${messages.listed(names, MOST)})` : '';
  const expected =
    classes === undefined
      ? `a last layer of ${messages.plural(count, 'unit')}, one for each label`
      : `a last layer of ${count} units, one for each of data.classes${ofClasses}`;
  const received = `${messages.plural(units, 'unit')}, ${messages.plural(count, classes === undefined ? 'label' : 'class')}`;
  throw new OptionError(messages.otherUnits(owner, expected, received), { option: 'model', received: units });
}
