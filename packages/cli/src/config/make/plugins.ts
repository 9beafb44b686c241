/** Plugins of every family by name, and `chain`, which combines several into one. */
import {
  chain,
  checkOptions,
  OptionError,
  option,
  type Role,
  type TrainingPlugin,
  type WeightFilter,
} from '@keepprob/core';
import { placeNamed } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs';
import { named } from '../catalogue.ts';
import { choose } from '../choose.ts';
import type { PluginSpec } from '../config.ts';
import { within } from '../within.ts';
import { withSchedules } from './schedules.ts';
import { noStrangers, type PluginMaker, type Strangers } from './strangers.ts';
import { isPluginValue } from './values.ts';

const factories: Readonly<Record<string, PluginMaker>> = {
  chain: {
    takes: 'plugins',
    make(options, { of }) {
      checkOptions('chain', {}, options);
      return chain(...of);
    },
  },
  ...named('plugin'),
};

const aroundOthers = Object.keys(factories).filter(name => factories[name]?.takes === 'plugins');

const roles: readonly Role[] = ['kernel', 'depthwise', 'recurrent', 'embedding', 'bias', 'gain', 'other'];
const ofStrings = (known?: readonly string[]) => (value: unknown) =>
  Array.isArray(value) && value.every(name => typeof name === 'string' && (known?.includes(name) ?? true));

/**
 * Selects weights by layers (names, or paths if several layers have the same name), by roles, or by both. The name of the function is its JSON, which checkpoints
 * compare.
 */
function weightFilter(given: unknown, model: LayersModel): WeightFilter {
  const where = checkOptions<{ layers?: readonly string[] | null; roles?: readonly string[] }>(
    'where',
    {
      layers: option.orNull(option.custom<readonly string[]>('a list of names of layers', ofStrings())),
      roles: option.custom<readonly string[]>(`a list of ${roles.join(', ')}`, ofStrings(roles), { fallback: roles }),
    },
    given,
  );
  const paths = where.layers?.map(name => placeNamed('layers', model, name).path);
  const filter: WeightFilter = ({ path, role }) =>
    (paths?.some(of => path.startsWith(`${of}/`)) ?? true) && where.roles.includes(role);
  return Object.defineProperty(filter, 'name', { value: JSON.stringify(given) });
}

/**
 * @param strangers third-party plugins, as found by `strangersIn`
 * @throws OptionError for an unknown plugin or option, or a value out of range
 */
export function pluginOf(
  where: string,
  spec: PluginSpec | TrainingPlugin,
  model: LayersModel,
  strangers: Strangers = noStrangers,
): TrainingPlugin {
  if (isPluginValue(spec)) return spec;
  const { plugin: name, of, ...given } = spec;
  const { takes, make } = choose(where, 'plugin', name, { ...factories, ...strangers.plugins });
  const inner = [of ?? []]
    .flat()
    .map((inside, i) => pluginOf(Array.isArray(of) ? `${where}.of[${i}]` : `${where}.of`, inside, model, strangers));
  if ((inner.length === 0) === (takes === 'plugins')) {
    throw new OptionError(
      inner.length
        ? `${where}: ${name} stands alone; \`of\` is for ${aroundOthers.join(', ')}.`
        : `${where}: ${name} goes around others. Name them as \`of\`: { "plugin": "${name}", "of": [{ "plugin": … }] }.`,
    );
  }
  const options = withSchedules(where, given) as object;
  const filter = typeof given.where === 'object' && {
    where: within(`${where}.where`, () => weightFilter(given.where, model)),
  };
  return within(where, () => make({ ...options, ...filter }, { model, of: inner }));
}
