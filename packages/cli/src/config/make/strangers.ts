/** Plugins of others: packages called `keepprob-plugin-…` in the node_modules of the config's project. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { API_VERSION, OptionError, type TrainingPlugin } from '@keepprob/core';
import { definitionOf, type PluginEntry } from '@keepprob/core/catalogue';
import { isTable, nearest } from '@keepprob/core/driver';
import type { PluginSpec } from '../config.ts';
import * as messages from '../messages.ts';

export type PluginMaker = Pick<PluginEntry, 'takes' | 'make'>;
/** By the name that a config calls them by. */
export type Strangers = Readonly<Record<string, PluginMaker>>;

/** A package, and behind # what it exports, where it exports several. */
const packaged = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?keepprob-plugin-[a-z0-9._~-]+)(?:#([\w$]+))?$/;

/** The names in a list of plugins, in those that they stand around, too. */
const namesIn = (specs: readonly PluginSpec[]): string[] =>
  specs.flatMap(({ plugin, of }) => [plugin, ...namesIn([of ?? []].flat())]);

/**
 * Imports the packages that plugins are named by.
 * @param owner how errors call the config: its path, from where packages are looked for
 * @throws OptionError for a package that is not installed there, has no factory of that name, or is no plugin
 */
export async function strangersIn(owner: string, specs: readonly PluginSpec[]): Promise<Strangers> {
  const names = new Set(namesIn(specs).filter(name => packaged.test(name)));
  const found = await Promise.all([...names].map(async name => [name, await strangerAt(owner, name)] as const));
  return Object.fromEntries(found);
}

async function strangerAt(owner: string, name: string): Promise<PluginMaker> {
  const [, module = '', wanted] = packaged.exec(name) ?? [];
  const exported = await imported(owner, module);
  const factories = Object.entries(exported).filter((entry): entry is [string, Factory] => isFactory(entry[1]));
  const known = factories.map(([key]) => key);
  const chosen = wanted ?? (known.includes('default') ? 'default' : known.length === 1 ? known[0] : undefined);
  const factory = factories.find(([key]) => key === chosen)?.[1];
  if (factory) return { takes: 'options', make: options => made(owner, name, factory, options) };
  const near = wanted === undefined ? undefined : nearest(wanted, known);
  throw new OptionError(messages.noFactory(owner, name, known, near), { option: 'plugins', received: name });
}

type Factory = (options: object) => unknown;

const isFactory = (given: unknown): given is Factory => definitionOf(given) !== undefined;

async function imported(owner: string, module: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolvedFrom(owner, module);
  if (file === undefined) throw new OptionError(messages.notInstalled(owner, module));
  try {
    const exported: unknown = await import(pathToFileURL(file).href);
    return typeof exported === 'object' && exported !== null ? { ...exported } : {};
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new OptionError(messages.notRead(owner, `${module}: ${reason}`));
  }
}

function resolvedFrom(owner: string, module: string): string | undefined {
  try {
    return createRequire(resolve(owner)).resolve(module);
  } catch {
    return undefined;
  }
}

/** @throws OptionError for what is not a plugin of this contract */
function made(owner: string, name: string, factory: Factory, options: object): TrainingPlugin {
  const plugin = factory(options);
  if (!isPlugin(plugin)) throw OptionError.of(owner, name, 'a package that makes training plugins', plugin);
  if (plugin.apiVersion !== API_VERSION)
    throw new OptionError(messages.otherContract(owner, name, plugin.apiVersion, API_VERSION));
  return plugin;
}

const isPlugin = (given: unknown): given is TrainingPlugin =>
  isTable(given) && 'setup' in given && typeof given.setup === 'function' && 'name' in given && 'apiVersion' in given;
