/** The preprocessing of a model's data, stored in a file next to the model or in the metadata of the model itself. */
import { checkModel, isTable } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as v from 'valibot';
import { type Encoding, imputes } from '../table/encoding.ts';
import type { Scaling } from '../table/scale.ts';
import { held, integer, list, text } from './check.ts';

/** The preprocessing of a model's training data, which new data need, too. `keepprob train` writes it as preprocessing.json. */
export interface Preprocessing {
  /** The columns of the table, in the order of the inputs. */
  readonly columns?: readonly string[];
  /** How the columns become inputs; without it, they are numbers that are used as they are. */
  readonly encodings?: readonly Encoding[];
  /** The column that is predicted, or several. */
  readonly label?: string | readonly string[];
  /** How many classes there are, or their names, in the order of the outputs. */
  readonly classes?: number | readonly string[];
  /** The scaling of the inputs. */
  readonly scaling?: Scaling;
  /** The scaling of labels that are numbers. */
  readonly labelScaling?: Scaling;
  /** The character between the columns of the table; ',' by default. Other tables may have another one. */
  readonly separator?: string;
  /** The shape of one row of x. */
  readonly shape: readonly number[];
}

const names = list(text(), 'names of columns');
const finite = v.pipe(v.number('a number'), v.finite('a number'));
const notZero = 'a number other than 0';
const divisor = v.pipe(
  v.number(notZero),
  v.finite(notZero),
  v.check(n => n !== 0, notZero),
);

const scaling = v.pipe(
  v.object({ offset: list(finite, 'numbers'), divisor: list(divisor, 'numbers') }, '{ "offset": …, "divisor": … }'),
  v.check(({ offset, divisor }) => offset.length === divisor.length, 'as many offsets as divisors'),
);

const hashed = v.strictObject({ hash: integer(1) }, '{ "hash": … }');
const types = '"number", "oneHot" or { "hash": … }';
const encoding = v.pipe(
  v.object(
    {
      column: text(),
      type: v.union([v.literal('number'), v.literal('oneHot'), hashed], types),
      impute: v.exactOptional(v.picklist(imputes, imputes.join(', '))),
      values: v.exactOptional(list(text(), 'words')),
      fill: v.exactOptional(v.union([finite, text()], 'a number, or a word')),
    },
    '{ "column": …, "type": … }',
  ),
  v.check(given => isWhole(given), 'a number as "fill" of an imputed column of numbers, and the "values" of words'),
);

/** Whether the words of `oneHot` and the fill for missing values are given if needed, and of the right kind. */
function isWhole({ type, impute, values, fill }: Encoding): boolean {
  if (type === 'oneHot' && !values) return false;
  if (impute === undefined || impute === 'drop') return fill === undefined;
  return type === 'number' ? typeof fill === 'number' : typeof fill !== 'number';
}

const character = 'one character';

const schema: v.GenericSchema<Preprocessing> = v.object(
  {
    columns: v.exactOptional(names),
    label: v.exactOptional(v.union([text(), names], 'a column, or several')),
    classes: v.exactOptional(v.union([integer(2), list(text(), 'names', 2)], 'a number of classes, or their names')),
    encodings: v.exactOptional(list(encoding, 'how columns become inputs')),
    scaling: v.exactOptional(scaling),
    labelScaling: v.exactOptional(scaling),
    separator: v.exactOptional(v.pipe(v.string(character), v.regex(/^[^"\r\n]$/u, character))),
    shape: list(integer(1), 'the sizes of a row'),
  },
  '{ "shape": … }',
);

/** Its description in errors. */
export const PREPROCESSING = 'what `keepprob train` writes next to a model';

/** @throws DataError for invalid preprocessing, with the first field that is wrong */
export const checkedPreprocessing = (what: string, json: unknown): Preprocessing =>
  held(what, schema, PREPROCESSING, json);

/** The key under which a model keeps it in its metadata, and thus in any format in which it is saved. */
export const KEY = 'preprocessing';

/**
 * The preprocessing of a model's data: from the preprocessing.json that `loadModel` found next to it, or as kept by `saveModel` or `model.save`.
 * @returns undefined for a model without preprocessing
 * @example
 * preprocessingOf(model); // undefined
 * @throws OptionError if `model` is not a model; DataError if its metadata hold something else instead
 */
export function preprocessingOf(model: LayersModel): Preprocessing | undefined {
  checkModel(model, 'preprocessingOf');
  const { [KEY]: kept }: { [KEY]?: unknown } = model.getUserDefinedMetadata() ?? {};
  return kept === undefined ? undefined : checkedPreprocessing(`model "${model.name}": metadata`, kept);
}

/** Stores the preprocessing of its data in a model. */
export function keepPreprocessing(model: LayersModel, preprocessing: Preprocessing): void {
  // metadata in TF.js must be plain JSON
  const kept: object = JSON.parse(JSON.stringify(preprocessing));
  model.setUserDefinedMetadata({ ...model.getUserDefinedMetadata(), [KEY]: kept });
}

/**
 * Adds the preprocessing found next to a loaded model. Damaged preprocessing is reported here, not where it is used, and the model is disposed. @throws DataError
 */
export function knowing(model: LayersModel, beside: Preprocessing | undefined): LayersModel {
  try {
    if (beside) keepPreprocessing(model, beside);
    preprocessingOf(model);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** @throws DataError for anything that is neither a model nor a preprocessing */
export function preprocessingFrom(given: LayersModel | Preprocessing): Preprocessing | undefined {
  if (isModel(given)) return preprocessingOf(given);
  // a tensor has a shape, too
  return checkedPreprocessing('preprocessing', isTable(given) ? given : null);
}

const isModel = (given: LayersModel | Preprocessing): given is LayersModel =>
  typeof given === 'object' && given !== null && 'getUserDefinedMetadata' in given;
