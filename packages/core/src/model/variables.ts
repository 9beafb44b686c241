/** Variables that no layer owns, for training loops written by hand. */
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Weight } from '../contract.ts';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import type { Description } from './weights.ts';

/**
 * Variables by the path that each of them gets. What a variable is follows from its rank: from 2 on a kernel with all axes but the last as its
 * fan-in, as those of dense layers and convolutions; below, a bias. Say otherwise with `{ variable, role, fanInAxes }`.
 */
export type Variables = Readonly<Record<string, Variable | ({ readonly variable: Variable } & Partial<Description>)>>;

/** A model has layers; anything else that is an object of variables is one. */
export const isVariables = (trained: LayersModel | Variables): trained is Variables =>
  trained !== null && typeof trained === 'object' && Object.getPrototypeOf(trained) === Object.prototype;

/** @throws OptionError for anything that is not a variable, and for none at all */
export function weightsOfVariables(variables: Variables): Weight[] {
  if (Object.keys(variables).length === 0)
    throw new OptionError(messages.nothingToTrain(), { option: 'model', received: variables });
  return Object.entries(variables).map(([path, given]) => {
    const { variable, ...said } = isVariable(given) ? { variable: given } : { ...given };
    if (!isVariable(variable))
      throw new OptionError(messages.variableExpected(path, given), { option: path, received: given });
    const { rank, trainable } = variable;
    const matrix = rank >= 2;
    return Object.freeze<Weight>({
      role: matrix ? 'kernel' : 'bias',
      fanInAxes: matrix ? Array.from({ length: rank - 1 }, (_, axis) => axis) : [],
      ...said,
      variable,
      path,
      layer: '',
      trainable,
    });
  });
}

/** By what is asked of it, since a page may have two copies of TF.js. */
const isVariable = (value: unknown): value is Variable => {
  const given = Object(value) as Partial<Variable>;
  return typeof given.assign === 'function' && typeof given.rank === 'number';
};
