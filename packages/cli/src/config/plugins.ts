/** Plugins of every family by name. */
import {
  colorJitter,
  cutmix,
  cutout,
  fromEpoch,
  inputNoise,
  labelSmoothing,
  mixup,
  oneOf,
  randAugment,
  randomAffine,
  randomApply,
  randomCrop,
  randomErasing,
  randomFlip,
  randomGrayscale,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
  untilEpoch,
} from '@keepprob/augment';
import { ema, swa } from '@keepprob/averaging';
import {
  chain,
  checkOptions,
  OptionError,
  type OptionSpecs,
  option,
  type Role,
  type TrainingPlugin,
  type WeightFilter,
} from '@keepprob/core';
import { rDrop } from '@keepprob/dropout';
import {
  accumulate,
  adaptiveClip,
  centralize,
  clipGlobalNorm,
  clipNorm,
  clipValue,
  gradientNoise,
  sam,
} from '@keepprob/gradients';
import { elasticNet, groupLasso, l1, proximalL1 } from '@keepprob/l1';
import {
  jacobian,
  l2,
  l2sp,
  layerConstraints,
  maxNorm,
  minMaxNorm,
  nonNegative,
  orthogonal,
  unitNorm,
  weightDecay,
} from '@keepprob/l2';
import { schedule } from '@keepprob/schedules';
import {
  earlyStopping,
  reduceOnPlateau,
  stopOnGeneralizationLoss,
  stopOnIncreases,
  stopOnProgressQuotient,
  terminateOnNaN,
} from '@keepprob/stopping';
import type { LayersModel } from '@tensorflow/tfjs';
import { choose } from './choose.ts';
import type { PluginSpec } from './config.ts';
import { withSchedules } from './schedules.ts';
import { within } from './within.ts';

/** A plugin from its options, the model, and the plugins in it. */
type Make = (options: never, model: LayersModel, of: readonly TrainingPlugin[]) => TrainingPlugin;

const alone: Readonly<Record<string, Make>> = {
  accumulate,
  adaptiveClip,
  centralize,
  clipGlobalNorm,
  clipNorm,
  clipValue,
  colorJitter,
  cutmix,
  cutout,
  earlyStopping,
  elasticNet,
  ema,
  gradientNoise,
  groupLasso,
  inputNoise,
  jacobian,
  l1,
  l2,
  l2sp,
  labelSmoothing,
  maxNorm,
  minMaxNorm,
  mixup,
  nonNegative,
  orthogonal,
  proximalL1,
  randAugment,
  randomAffine,
  randomCrop,
  randomErasing,
  randomFlip,
  randomGrayscale,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
  rDrop,
  reduceOnPlateau,
  sam,
  schedule,
  stopOnGeneralizationLoss,
  stopOnIncreases,
  stopOnProgressQuotient,
  swa,
  terminateOnNaN,
  unitNorm,
  weightDecay,
  layerConstraints: (options, model) => {
    checkOptions('layerConstraints', {}, options);
    return layerConstraints(model);
  },
};

/** Around others: how many, the options that it has beside them, and how it is made. */
function around<O extends object>(
  name: string,
  options: OptionSpecs<O>,
  make: (of: readonly TrainingPlugin[], options: Required<O>) => TrainingPlugin,
): Make {
  return (given, _, of) => make(of, checkOptions<O>(name, options, given));
}
const number = option.number();
const one = (of: readonly TrainingPlugin[]): TrainingPlugin =>
  of.length === 1 ? (of[0] as TrainingPlugin) : chain(...of);

const aroundOthers: Readonly<Record<string, Make>> = {
  chain: around('chain', {}, of => chain(...of)),
  oneOf: around('oneOf', {}, of => oneOf(...of)),
  randomApply: around('randomApply', { probability: number }, (of, o) => randomApply(one(of), o.probability)),
  untilEpoch: around('untilEpoch', { epochs: number }, (of, o) => untilEpoch(one(of), o.epochs)),
  fromEpoch: around('fromEpoch', { epochs: number }, (of, o) => fromEpoch(one(of), o.epochs)),
};

const factories = { ...alone, ...aroundOthers };

/** The names of all plugins. */
export const pluginNames: readonly string[] = Object.keys(factories);

const roles: readonly Role[] = ['kernel', 'depthwise', 'recurrent', 'embedding', 'bias', 'gain', 'other'];
const ofStrings = (known?: readonly string[]) => (value: unknown) =>
  Array.isArray(value) && value.every(name => typeof name === 'string' && (known?.includes(name) ?? true));

/** Weights by the names of their layers, by roles, or by both. Named by what it says, which is what a checkpoint compares. */
function weightFilter(given: unknown): WeightFilter {
  const where = checkOptions<{ layers?: readonly string[]; roles?: readonly string[] }>(
    'where',
    {
      layers: option.custom('a list of names of layers', ofStrings(), { fallback: undefined as never }),
      roles: option.custom(`a list of ${roles.join(', ')}`, ofStrings(roles), { fallback: undefined as never }),
    },
    given,
  );
  const filter: WeightFilter = ({ layer, role }) =>
    (where.layers?.includes(layer) ?? true) && (where.roles?.includes(role) ?? true);
  return Object.defineProperty(filter, 'name', { value: JSON.stringify(given) });
}

/** @throws OptionError for a plugin or an option that there is not, or a value out of range */
export function pluginOf(where: string, spec: PluginSpec, model: LayersModel): TrainingPlugin {
  const { plugin: name, of, ...given } = spec;
  const make = choose(where, 'plugin', name, factories);
  const inner = ([of ?? []].flat() as readonly PluginSpec[]).map((inside, i) =>
    pluginOf(Array.isArray(of) ? `${where}.of[${i}]` : `${where}.of`, inside, model),
  );
  if ((inner.length === 0) === name in aroundOthers) {
    throw new OptionError(
      inner.length
        ? `${where}: ${name} stands alone; \`of\` is for ${Object.keys(aroundOthers).join(', ')}.`
        : `${where}: ${name} goes around others. Name them as \`of\`: { "plugin": "${name}", "of": [{ "plugin": … }] }.`,
    );
  }
  const options = withSchedules(where, given) as Record<string, unknown>;
  const filter = typeof given.where === 'object' && {
    where: within(`${where}.where`, () => weightFilter(given.where)),
  };
  return within(where, () => make({ ...options, ...filter } as never, model, inner));
}
