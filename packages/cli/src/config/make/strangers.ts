/** Third-party plugins and layers, by their names in a config. */
import { API_VERSION, OptionError, type TrainingPlugin } from '@keepprob/core';
import { type Definition, definitionOf, type LayerEntry, type PluginEntry } from '@keepprob/core/catalogue';
import { isTable, nearest } from '@keepprob/core/driver';
import { layerPlugin, register } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs';
import type { LayerSpec, PluginSpec } from '../config.ts';
import * as messages from '../messages.ts';
import { exportsOf, packagedAs } from './packages.ts';
import { isPluginValue } from './values.ts';

export type PluginMaker = Pick<PluginEntry, 'takes' | 'make'>;
export type LayerMaker = Pick<LayerEntry, 'takes' | 'make'>;

/** Third-party plugins and layers, by their names in the config. */
export interface Strangers {
  readonly plugins: Readonly<Record<string, PluginMaker>>;
  readonly layers: Readonly<Record<string, LayerMaker>>;
}

export const noStrangers: Strangers = { plugins: {}, layers: {} };

/** The parts of a config that name plugins and layers. */
interface Named {
  readonly model?: string | readonly LayerSpec[];
  readonly plugins?: readonly (PluginSpec | TrainingPlugin)[];
}

/**
 * Imports the packages of the plugins and layers that are named. The classes of layers are registered, so that models with them can be loaded.
 * @param owner the path of the config, used in errors and to find packages
 * @throws OptionError for a package that is not installed there, has no factory of that name, or makes something else
 */
export async function strangersIn(owner: string, { model = [], plugins = [] }: Named): Promise<Strangers> {
  const layers = await foundIn(owner, typeof model === 'string' ? [] : namesOfLayers(model), 'layer');
  return {
    plugins: mapped(await foundIn(owner, namesOfPlugins(plugins), 'plugin'), (name, factory) => ({
      takes: 'options',
      make: options => madePlugin(name, factory(options)),
    })),
    layers: mapped(layers, (name, factory) => layerMaker(owner, name, factory)),
  };
}

/** The third-party packages that a list of layers needs. */
export const packagesOf = (model: string | readonly LayerSpec[]): string[] =>
  typeof model === 'string' ? [] : [...new Set(namesOfLayers(model).flatMap(name => packagedAs(name)?.module ?? []))];

/** Registers every layer that a package exports. @throws OptionError as `strangersIn` */
export async function registerLayersOf(owners: readonly [string, ...string[]], module: string): Promise<void> {
  for (const factory of Object.values(await exportsOf(owners, module))) if (isLayers(factory)) register(factory);
}

const namesOfLayers = (specs: readonly LayerSpec[]): string[] =>
  specs.flatMap(({ layer, of }) => [layer, ...namesOfLayers(of ? [of] : [])]);

/** The names in a list of plugins, including the plugins that they wrap. */
const namesOfPlugins = (specs: readonly (PluginSpec | TrainingPlugin)[]): string[] =>
  specs.flatMap(spec => (isPluginValue(spec) ? [] : [spec.plugin, ...namesOfPlugins([spec.of ?? []].flat())]));

type Kind = 'plugin' | 'layer';
type Make = (...given: readonly unknown[]) => unknown;
type Factory = Make & { readonly definition: Definition };

const isFactory = (given: unknown): given is Factory => definitionOf(given) !== undefined;
const isLayers = (given: unknown): given is Factory & { readonly layerClass: unknown } =>
  isFactory(given) && 'layerClass' in given;
const kindOf = (factory: Factory): Kind => (isLayers(factory) ? 'layer' : 'plugin');

async function foundIn(owner: string, names: readonly string[], kind: Kind): Promise<Map<string, Factory>> {
  const own = [...new Set(names)].filter(name => packagedAs(name));
  return new Map(await Promise.all(own.map(async name => [name, await factoryAt(owner, name, kind)] as const)));
}

async function factoryAt(owner: string, name: string, kind: Kind): Promise<Factory> {
  const { module = '', wanted } = packagedAs(name) ?? {};
  const exported = Object.entries(await exportsOf([owner], module));
  const all = exported.filter((entry): entry is [string, Factory] => isFactory(entry[1]));
  const factories = all.filter(([, factory]) => kindOf(factory) === kind);
  const known = factories.map(([key]) => key);
  const chosen = wanted ?? (known.includes('default') ? 'default' : known.length === 1 ? known[0] : undefined);
  const factory = factories.find(([key]) => key === chosen)?.[1];
  if (factory) {
    if (isLayers(factory)) register(factory);
    return factory;
  }
  const others = all.filter(([key]) => wanted === undefined || key === wanted);
  if (!known.length && others.length) throw new OptionError(messages.otherKind(owner, name, kind));
  const near = wanted === undefined ? undefined : nearest(wanted, known);
  throw new OptionError(messages.noFactory(owner, name, kind, known, near), { received: name });
}

/** @throws OptionError for anything that is not a plugin of this contract; the caller adds the place in the config */
function madePlugin(name: string, plugin: unknown): TrainingPlugin {
  if (!isPluginValue(plugin)) throw new OptionError(messages.notMade(name, 'a training plugin'));
  checkContract(name, plugin.apiVersion);
  return plugin;
}

function layerMaker(owner: string, name: string, factory: Factory): LayerMaker {
  const { definition } = factory;
  // a layer that joins several inputs cannot be part of a chain
  if ('inference' in definition) throw new OptionError(messages.severalInputs(owner, name));
  if (!('kernel' in definition)) return { takes: 'options', make: options => madeLayer(name, factory(options)) };
  return { takes: 'layer', make: (options, inner) => madeLayer(name, factory(inner, options)) };
}

/** @throws OptionError for anything that is not a layer of this TensorFlow.js and this contract */
function madeLayer(name: string, layer: unknown): tf.layers.Layer {
  if (!(layer instanceof tf.layers.Layer)) throw new OptionError(messages.notMade(name, 'a layer'));
  const core: unknown = Reflect.get(layer, layerPlugin);
  if (isTable(core) && 'apiVersion' in core) checkContract(name, core.apiVersion);
  return layer;
}

function checkContract(name: string, theirs: unknown): void {
  if (theirs !== API_VERSION) throw new OptionError(messages.otherContract(name, theirs, API_VERSION));
}

const mapped = <T>(
  found: ReadonlyMap<string, Factory>,
  make: (name: string, factory: Factory) => T,
): Record<string, T> => Object.fromEntries([...found].map(([name, factory]) => [name, make(name, factory)]));
