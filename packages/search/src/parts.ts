/** The parts of a search as options: each part is recognized by its method. */
import { option, type RequiredOption } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import type { Chooser, Dimension, Engine, Point, Pruner, Sampler, ScaleKind, Splitter } from './contract.ts';

const part = <T>(expected: string, method: keyof T): RequiredOption<T> =>
  option.custom<T>(
    expected,
    value => typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function',
  );

export const splitter = part<Splitter>('a splitter such as kFold()', 'split');
export const sampler = part<Sampler>('a sampler such as tpe() or sobol()', 'suggest');
export const pruner = part<Pruner>('a pruner such as paired() or none()', 'prune');
export const chooser = part<Chooser>('a chooser such as oneStandardError()', 'choose');
export const scaleOption = option.oneOf<ScaleKind>(['standardize', 'unit']);
const isDimension = (value: unknown): boolean =>
  isTable(value) && typeof value.name === 'string' && typeof value.kind === 'string' && Array.isArray(value.when);
export const dimensionsOption = option.custom<readonly Dimension[]>(
  'a list of dimensions, such as readSpace(config).dimensions',
  value => Array.isArray(value) && value.every(isDimension),
);
export const pointOption = option.custom<Point>('a point: numbers by the names of dimensions', isTable);
export const engine = part<Engine>('an engine such as inProcess() or local()', 'open');
