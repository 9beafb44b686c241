/** The files of a search, and checks whether it may be continued there. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { storageError } from '@keepprob/trainer/node';
import type { JsonConfig, SourceSpec } from '../config/config.ts';
import * as messages from '../config/messages.ts';
import { filesIn } from '../run/folder.ts';
import { writeJson } from '../run/save.ts';
import { pathFrom } from '../run/training.ts';
import { checkFolder } from '../run/writable.ts';
import type { Searched } from './readConfig.ts';

const names = {
  /** The config that was searched. */
  config: 'search.json',
  journal: 'journal.log',
  /** The results, as numbers. */
  found: 'found.json',
  /** The config to train. */
  best: 'best.json',
  /** The results, as one page. */
  page: 'report.html',
} as const;

export type SearchFiles = Readonly<Record<keyof typeof names | 'model' | 'preprocessing', string>>;

export function searchFiles(folder: string): SearchFiles {
  const { model, preprocessing } = filesIn(folder);
  const at = (name: string): string => join(folder, name);
  const { config, journal, found, best, page } = names;
  return {
    config: at(config),
    journal: at(journal),
    found: at(found),
    best: at(best),
    page: at(page),
    model,
    preprocessing,
  };
}

/**
 * @throws OptionError for a folder that cannot be written, that holds a run or, without `--resume`, a search, or that with `--resume` holds the search of another
 * config
 */
export function checkOut(folder: string, searched: Searched, isResuming: boolean): void {
  checkFolder('search', '--out', folder);
  const files = searchFiles(folder);
  if (!existsSync(files.journal)) {
    const [other] = Object.values(filesIn(folder)).filter(existsSync);
    if (other !== undefined) throw new OptionError(messages.holdsOther(folder, other));
    return;
  }
  if (!isResuming) throw new OptionError(messages.holdsSearch(folder));
  if (existsSync(files.config)) checkSame(folder, saved(files.config), moved(searched, folder));
}

function saved(path: string): object {
  try {
    const config: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof config === 'object' && config !== null) return config;
  } catch {
    // reported below
  }
  throw OptionError.of(path, 'config', 'the config that the search began with', 'another text');
}

/** Keys that may differ: the journal has a checksum of the rows, and the settings of the search may change. */
const free = ['search', 'data'];

function checkSame(folder: string, before: object, now: object): void {
  const [was, is] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(now))];
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    if (free.includes(key) || isDeepStrictEqual(was.get(key), is.get(key))) continue;
    const [a, b] = [show(was.get(key)), show(is.get(key))];
    throw new OptionError(messages.anotherSearch(folder, key, a, b));
  }
}

/** Called at the beginning of a search. Removes the numbers of an earlier end, which are no longer valid. */
export async function beginIn(folder: string, searched: Searched): Promise<void> {
  const { config, found } = searchFiles(folder);
  await writeJson(config, { ...moved(searched, folder), search: searched.spec }, 2);
  try {
    rmSync(found, { force: true });
  } catch (error) {
    throw storageError(error, 'remove', found);
  }
}

/** The config with its spaces, with paths relative to that folder. */
const moved = ({ owner, template, samples }: Searched, folder: string): object => ({
  ...template,
  ...pathsFrom(owner, samples[0], folder),
});

/** The parts of a config that name files, with paths relative to another folder. */
export function pathsFrom(
  owner: string,
  { model, data }: JsonConfig,
  folder: string,
): Partial<Pick<JsonConfig, 'model'>> & Pick<JsonConfig, 'data'> {
  const path = (name: string): string =>
    isAbsolute(name) ? name : relative(resolve(folder), resolve(pathFrom(owner)(name))).replaceAll('\\', '/');
  const source = (given: SourceSpec): SourceSpec =>
    'csv' in given ? { csv: path(given.csv) } : { x: path(given.x), y: path(given.y) };
  const { train, validation } = data;
  const isSource = typeof validation === 'object' && !('fraction' in validation);
  return {
    ...(typeof model === 'string' && { model: path(model) }),
    data: { ...data, train: source(train), ...(isSource && { validation: source(validation) }) },
  };
}
