/** Reads a config with spaces from its file. */
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OptionError } from '@keepprob/core';
import { readSpace, type SearchSpace } from '@keepprob/search';
import type { JsonConfig } from '../config/config.ts';
import { configIn } from '../config/loadConfig.ts';
import { classWeightOf } from '../config/make/classWeight.ts';
import * as messages from '../config/messages.ts';
import { checkConfig, checkSearch } from '../config/schema/checkConfig.ts';
import { has } from '../config/schema/expected.ts';
import { within } from '../config/within.ts';
import { pathFrom, type Trainable } from '../run/training.ts';
import { probesOf } from './probes.ts';
import type { SearchSpec } from './spec.ts';

/** A config with spaces, and its parts. */
export interface Searched {
  /** Its name in errors: the path of its file. */
  readonly owner: string;
  /** The config with its spaces, without the key `search`. */
  readonly template: object;
  /** The key `search`. */
  readonly spec: SearchSpec;
  readonly space: SearchSpace<unknown>;
  /** The config at points that cover every value of its spaces, checked; the first is a point of the search. */
  readonly samples: readonly [JsonConfig, ...JsonConfig[]];
}

/** Keys that are the same in every trial. */
const fixed = ['data', 'seed', 'checkpoint', 'search'] as const;

/** @throws OptionError if it is not a config, has no space, or is invalid with values of its spaces inserted */
export async function readConfig(owner: string): Promise<Searched> {
  const given = await configIn(owner);
  if (typeof given !== 'object' || given === null || !isDeepStrictEqual(given, copied(given)))
    throw new OptionError(typeof given === 'function' ? messages.notSearchable(owner) : notJson(owner, given));
  for (const key of fixed)
    if (has(given, key) && hasSpace(Reflect.get(given, key))) throw new OptionError(messages.spaceFixed(owner, key));
  const { search, ...template }: { readonly search?: unknown } = given;
  const spec = search === undefined ? {} : checkSearch(owner, search);
  const space: SearchSpace<unknown> = within(owner, () => readSpace<object>(template));
  const [first, ...others] = probesOf(space.dimensions).map(point => checkConfig(owner, space.at(point)));
  if (!first) throw new OptionError(messages.notSearchable(owner));
  return { owner, template, spec, space, samples: [first, ...others] };
}

const copied = (given: object): unknown => JSON.parse(JSON.stringify(given));

function notJson(owner: string, given: unknown): string {
  return typeof given === 'object' && given !== null
    ? messages.notSearchable(owner)
    : OptionError.of(owner, 'config', 'an object', given).message;
}

/** The space of the trials: without the files of rows, and with an absolute path for a saved model. */
export function spaceOf({ owner, template }: Searched): object {
  const { data, ...config } = template as Trainable;
  const { classWeight, model } = config;
  return {
    ...config,
    ...(classWeight && { classWeight: classWeightOf(owner, classWeight, data?.classes) }),
    ...(typeof model === 'string' && { model: resolve(pathFrom(owner)(model)) }),
  };
}

/** Whether the value contains a space. */
const hasSpace = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((has(value, 'space') && typeof Reflect.get(value, 'space') === 'string') || Object.values(value).some(hasSpace));
