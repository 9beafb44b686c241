/** The parts that a search is put together from, as options: each is known by its method. */
import { option, type RequiredOption } from '@keepprob/core';
import type { Chooser, Engine, Pruner, Sampler, ScaleKind, Splitter } from './contract.ts';

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
export const engine = part<Engine>('an engine such as inProcess() or local()', 'open');
