/** Variables that no layer owns, for training loops written by hand. */
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role, Weight } from '../contract.ts';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import * as option from '../options/option.ts';
import { checkOptions } from '../options/options.ts';
import type { Description } from './weights.ts';

/**
 * Variables by name. The role of a variable follows from its rank: with rank 2 or more it is a kernel whose fan-in is all axes but the last, as in dense
 * layers and convolutions; otherwise it is a bias. Use `{ variable, role, fanInAxes }` to override this.
 */
export type Variables = Readonly<Record<string, Variable | ({ readonly variable: Variable } & Partial<Description>)>>;

/** Whether this is a plain object of variables, and not a model. */
export const isVariables = (trained: LayersModel | Variables): trained is Variables =>
  trained !== null && typeof trained === 'object' && Object.getPrototypeOf(trained) === Object.prototype;

/** @throws OptionError for anything that is not a variable, and for an empty object */
export function weightsOfVariables(variables: Variables): Weight[] {
  if (Object.keys(variables).length === 0)
    throw new OptionError(messages.nothingToTrain(), { option: 'model', received: variables });
  return Object.entries(variables).map(([path, given]) => {
    const { variable, ...said } = isVariable(given) ? { variable: given } : { ...given };
    if (!isVariable(variable))
      throw new OptionError(messages.variableExpected(path, given), { option: path, received: given });
    if (variable.isDisposed) throw new OptionError(messages.disposed(`variable "${path}"`), { option: path });
    const { rank, trainable } = variable;
    const matrix = rank >= 2;
    const { role, fanInAxes } = checkOptions(path, descriptions(rank), said);
    return Object.freeze<Weight>({
      role: role ?? (matrix ? 'kernel' : 'bias'),
      fanInAxes: fanInAxes ?? (matrix ? Array.from({ length: rank - 1 }, (_, axis) => axis) : []),
      variable,
      path,
      layer: '',
      trainable,
    });
  });
}

/** The options that describe a variable of this rank. */
const descriptions = (rank: number) => ({
  role: option.optional(option.oneOf<Role>(['kernel', 'depthwise', 'recurrent', 'embedding', 'bias', 'gain', 'other'])),
  fanInAxes: option.optional(option.list(option.number({ min: 0, below: rank, integer: true }))),
});

/** Checks for the members that are used, not for the class, since a page may have two copies of TF.js. */
const isVariable = (value: unknown): value is Variable => {
  const given = Object(value) as Partial<Variable>;
  return typeof given.assign === 'function' && typeof given.rank === 'number';
};
