import { access } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OptionError } from '@keepprob/core';
import { createJiti } from 'jiti';
import { textOf } from '../data/files.ts';
import type { Config } from './config.ts';
import { otherCopyIn } from './copies.ts';
import * as messages from './messages.ts';
import { checkConfig } from './schema/checkConfig.ts';
import { has } from './schema/expected.ts';

type Load = (path: string) => Promise<unknown>;

async function json(path: string): Promise<unknown> {
  const text = await textOf(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OptionError(messages.notJson(path, (error as Error).message));
  }
}

const native: Load = async path => ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;

/** Our packages and TF.js are not transpiled: they must be the instances that the program uses. */
const typeScript: Load = async path => {
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    nativeModules: ['keepprob', '@keepprob', '@tensorflow'],
  });
  return (await jiti.import<{ default?: unknown }>(path)).default;
};

const loaders: Readonly<Record<string, Load>> = {
  '.json': json,
  '.ts': typeScript,
  '.mts': typeScript,
  '.js': native,
  '.mjs': native,
};

/**
 * The contents of a file: JSON, or the default export of a module.
 * @param given path from the working directory, which also names the config in errors
 * @throws OptionError for a missing file, or one that is not a config
 */
export async function configIn(given: string): Promise<unknown> {
  const path = resolve(given);
  const load = loaders[extname(path)];
  if (!load) throw new OptionError(messages.extension(given, Object.keys(loaders)));
  await access(path).catch(() => {
    throw new OptionError(messages.fileMissing(given));
  });
  if (load !== json) checkCopies(path);
  const config = await load(path).catch(error => {
    throw faultIn(given, error);
  });
  if (config === undefined) throw new OptionError(messages.noDefault(given));
  return config;
}

/**
 * Loads a config from its file. The keys and values of an object are checked.
 * @param given path from the working directory, which also names the config in errors
 * @throws OptionError for a missing file, or one that is not a config
 */
export async function loadConfig(given: string): Promise<Config> {
  const config = await configIn(given);
  if (typeof config === 'function') return config as Config;
  if (has(config, 'search')) throw new OptionError(messages.toSearch(given));
  return checkConfig(given, config);
}

/** Layers of one copy do not work in the training loop of another. @throws OptionError if the config would use another copy */
function checkCopies(path: string): void {
  const other = otherCopyIn(path, ['@tensorflow/tfjs-core', '@keepprob/core']);
  if (other) throw new OptionError(messages.twoCopies(other));
}

/** The error to report for the module of a config: our own errors unchanged, missing packages by name, others with the place. */
export function faultIn(owner: string, error: NodeJS.ErrnoException): Error {
  if (['OptionError', 'DataError', 'PluginError'].includes(error.name)) return error;
  const [, module] = /Cannot find (?:module|package) '([^'./][^']*)'/.exec(error.message ?? '') ?? [];
  if (!module || !error.code?.endsWith('MODULE_NOT_FOUND')) {
    const place = /\n( +at .*)/.exec(error.stack ?? '')?.[1];
    return new OptionError(`${messages.notRead(owner, `${error.name}: ${error.message}`)}${place ? `\n${place}` : ''}`);
  }
  const name = module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
  return new OptionError(messages.notInstalled(owner, name));
}
