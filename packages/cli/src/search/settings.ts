/** Converts the key `search` of a config to options of `search`. */
import {
  asha,
  best,
  grid,
  holdOut,
  kFold,
  none,
  oneStandardError,
  paired,
  random,
  type SearchOptions,
  sobol,
  timeSeries,
  tpe,
} from '@keepprob/search';
import { choose } from '../config/choose.ts';
import { within } from '../config/within.ts';
import type { Named, SearchSpec } from './spec.ts';

export type Settings = Required<
  Pick<SearchOptions, 'folds' | 'metric' | 'mode' | 'trials' | 'sampler' | 'pruner' | 'confirm' | 'choose'>
> &
  Pick<SearchOptions, 'maxTime' | 'seed' | 'nested'>;

/** A factory that checks its options itself: a method type, since each factory takes a narrower type than any object. */
interface Factory<T> {
  make(options: object): T;
}
type Factories<T> = Readonly<Record<string, Factory<T>['make']>>;

const foldsOf = (isClasses: boolean): Factories<Settings['folds']> => ({
  kFold: options => kFold({ stratify: isClasses, ...options }),
  holdOut: options => holdOut({ stratify: isClasses, ...options }),
  timeSeries,
});
const samplers: Factories<Settings['sampler']> = { tpe, random: () => random(), sobol, grid };
const pruners: Factories<Settings['pruner']> = { paired, none: () => none(), asha };
const choosers: Factories<Settings['choose']> = { oneStandardError, best: () => best() };

function made<T>(where: string, what: string, given: Named, factories: Factories<T>): T {
  const [name = '', options = {}] = typeof given === 'string' ? [given] : (Object.entries(given)[0] ?? []);
  const make = choose(where, what, name, factories);
  return within(where, () => make(options));
}

/**
 * @param isClasses whether y holds classes, so that folds are stratified
 * @throws OptionError for unknown names, and for options that they do not take
 */
export function settingsOf(owner: string, spec: SearchSpec, isClasses: boolean): Settings {
  const { folds = 'kFold', sampler = 'tpe', pruner = 'paired', choose: chooser = 'oneStandardError' } = spec;
  const where = `${owner}: search`;
  return {
    folds: made(`${where}.folds`, 'way to split', folds, foldsOf(isClasses)),
    sampler: made(`${where}.sampler`, 'sampler', sampler, samplers),
    pruner: made(`${where}.pruner`, 'pruner', pruner, pruners),
    choose: made(`${where}.choose`, 'way to choose', chooser, choosers),
    ...(spec.nested !== undefined && {
      nested: made(`${where}.nested`, 'way to split', spec.nested, foldsOf(isClasses)),
    }),
    confirm: spec.confirm ?? {},
    metric: spec.metric ?? 'valLoss',
    mode: spec.mode ?? 'auto',
    trials: spec.trials ?? 30,
    ...(spec.maxTime !== undefined && { maxTime: spec.maxTime }),
    ...(spec.seed !== undefined && { seed: spec.seed }),
  };
}
