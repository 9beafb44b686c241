/** The penalties and constraints on the weights of a model, from its layers and from a list of plugins. */
import { flatten, type Plugins, type TrainingPlugin } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import { type DescribedWeight, weightsIn } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { numberIn, numbersIn, type Saved, type Settings, savedIn } from './settings.ts';

/** A condition that a weight satisfies after each update, with norms over `axes`. */
export type Bound =
  | { readonly kind: 'maxNorm'; readonly axes: readonly number[]; readonly most: number }
  | {
      readonly kind: 'minMaxNorm';
      readonly axes: readonly number[];
      readonly least: number;
      readonly most: number;
      readonly rate: number;
    }
  | { readonly kind: 'nonNegative' }
  | { readonly kind: 'unitNorm'; readonly axes: readonly number[] };

/** The penalties and constraints on one weight. */
export interface Held {
  readonly weight: DescribedWeight;
  /** The prefix of its arguments in Keras, such as `kernel` in `kernel_regularizer`: `kernel`, `recurrent`, `bias`, … */
  readonly argument: string;
  /** Factors of Σ|w| and of Σ w². */
  readonly l1: number;
  readonly l2: number;
  /** Decay per unit of learning rate, as in AdamW. */
  readonly decay: number;
  readonly bounds: readonly Bound[];
}

const nameOf = ({ weight: { originalName } }: DescribedWeight): string =>
  originalName.slice(originalName.lastIndexOf('/') + 1);

/** `recurrent` for `recurrent_kernel`. */
const argumentOf = (weight: DescribedWeight): string => nameOf(weight).replace(/(.)_kernel$/, '$1');

type Refuse = (className: string) => never;

function penaltyOf(saved: Saved | undefined, refuse: Refuse): { l1: number; l2: number } {
  if (!saved) return { l1: 0, l2: 0 };
  const { className, config } = saved;
  if (className !== 'L1L2') return refuse(className);
  return { l1: numberIn(config, 'l1'), l2: numberIn(config, 'l2') };
}

const axesIn = (config: Settings): number[] => numbersIn(config, 'axis');

const constraints: Readonly<Record<string, (config: Settings) => Bound>> = {
  MaxNorm: config => ({ kind: 'maxNorm', axes: axesIn(config), most: numberIn(config, 'maxValue') }),
  MinMaxNorm: config => ({
    kind: 'minMaxNorm',
    axes: axesIn(config),
    least: numberIn(config, 'minValue'),
    most: numberIn(config, 'maxValue'),
    rate: numberIn(config, 'rate'),
  }),
  NonNeg: () => ({ kind: 'nonNegative' }),
  UnitNorm: config => ({ kind: 'unitNorm', axes: axesIn(config) }),
};

/** The penalties and constraints of a plugin on one weight. */
type Asked = Partial<Pick<Held, 'l1' | 'l2' | 'decay'>> & { readonly bound?: Bound };
type Translation = (config: Settings, weight: DescribedWeight) => Asked;

const withAxes =
  (make: (axes: readonly number[], config: Settings) => Bound): Translation =>
  (config, { fanInAxes }) =>
    fanInAxes.length ? { bound: make(fanInAxes, config) } : {};

const plugins: Readonly<Record<string, Translation>> = {
  elasticNet: ({ l1, l2 }) => ({ l1: Number(l1), l2: Number(l2) }),
  l1: ({ strength }) => ({ l1: Number(strength) }),
  l2: ({ strength }, { place }) => ({ l2: strengthFor(strength, place.name) }),
  maxNorm: withAxes((axes, config) => ({ kind: 'maxNorm', axes, most: numberIn(config, 'maxNorm') })),
  minMaxNorm: withAxes((axes, config) => ({
    kind: 'minMaxNorm',
    axes,
    least: numberIn(config, 'minNorm'),
    most: numberIn(config, 'maxNorm'),
    rate: numberIn(config, 'rate', 1),
  })),
  nonNegative: () => ({ bound: { kind: 'nonNegative' } }),
  unitNorm: withAxes(axes => ({ kind: 'unitNorm', axes })),
  weightDecay: ({ strength }) => ({ decay: Number(strength) }),
};

/** One λ, or one for each layer. */
function strengthFor(strength: unknown, layer: string): number {
  if (typeof strength !== 'object' || strength === null) return Number(strength);
  return Object.hasOwn(strength, layer) ? Number(Reflect.get(strength, layer)) : 0;
}

const isKernel = ({ role }: DescribedWeight): boolean => ['kernel', 'depthwise', 'recurrent'].includes(role);

/** @throws ConvertError for plugins without a counterpart, and for options that change over time or select weights */
function translationOf(owner: string, plugin: TrainingPlugin): Translation {
  const { name } = plugin;
  const refuse = (reason: string): never => {
    throw new ConvertError('untranslatable', messages.untranslatablePlugin(owner, name, reason), { className: name });
  };
  const known = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (!known)
    return refuse(`these can be: ${Object.keys(plugins).join(', ')}. Leave it out, and implement it in Python.`);
  for (const [option, value] of Object.entries(settingsOf(plugin))) {
    const isDefault = option === 'where' && isTable(value) && value.function === 'isKernel';
    const isByLayer =
      name === 'l2' && option === 'strength' && isTable(value) && Object.values(value).every(Number.isFinite);
    if (!isDefault && !isByLayer && typeof value !== 'number')
      return refuse(`its option \`${option}\` is not a number. Give one number for all kernels.`);
  }
  return known;
}

/**
 * The penalties and constraints of each weight that has any.
 * @throws ConvertError for those that cannot be translated
 */
export function heldWeights(owner: string, model: LayersModel, given: Plugins): Held[] {
  const list = flatten([given]).map(plugin => ({ config: settingsOf(plugin), ask: translationOf(owner, plugin) }));
  const trainable = new Set(model.trainableWeights.map(weight => weight.read()));
  return weightsIn(model)
    .map((weight): Held => {
      const argument = argumentOf(weight);
      const acts = isKernel(weight) && trainable.has(weight.weight.read());
      const asked = acts ? list.map(({ config, ask }) => ask(config, weight)) : [];
      return { weight, argument, ...together(ofLayer(owner, weight, argument), asked) };
    })
    .filter(({ l1, l2, decay, bounds }) => l1 || l2 || decay || bounds.length);
}

const settingsOf = ({ config }: TrainingPlugin): Settings => (isTable(config) ? config : {});

type Own = Pick<Held, 'l1' | 'l2' | 'bounds'>;

function ofLayer(owner: string, { place }: DescribedWeight, argument: string): Own {
  const config: Settings = place.layer.getConfig();
  const refuse: Refuse = className => {
    const message = messages.untranslatable(owner, place.name, className, 'it has no counterpart there.');
    throw new ConvertError('untranslatable', message, { layer: place.name, className });
  };
  const constraint = savedIn(config, `${argument}Constraint`);
  const known =
    constraint && Object.hasOwn(constraints, constraint.className) ? constraints[constraint.className] : undefined;
  if (constraint && !known) return refuse(constraint.className);
  const penalty = penaltyOf(savedIn(config, `${argument}Regularizer`), refuse);
  return { ...penalty, bounds: known && constraint ? [known(constraint.config)] : [] };
}

function together(own: Own, asked: readonly Asked[]): Own & Pick<Held, 'decay'> {
  const sum = (key: 'l1' | 'l2' | 'decay'): number => asked.reduce((total, one) => total + (one[key] ?? 0), 0);
  return {
    l1: own.l1 + sum('l1'),
    l2: own.l2 + sum('l2'),
    decay: sum('decay'),
    bounds: [...own.bounds, ...asked.flatMap(({ bound }) => bound ?? [])],
  };
}
