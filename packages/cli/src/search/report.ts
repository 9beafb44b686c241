/** What a search has found, from its folder alone; of one that runs or was interrupted, what it has found so far. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '@keepprob/core';
import { type Engine, type Found, search } from '@keepprob/search';
import { storageError } from '@keepprob/trainer/node';
import * as v from 'valibot';
import * as messages from '../config/messages.ts';
import { jsonOf } from '../data/files.ts';
import { placesOf, writePage } from './end.ts';
import { searchFiles } from './folder.ts';
import { readConfig, spaceOf } from './readConfig.ts';
import { searchRows } from './rows.ts';
import { settingsOf } from './settings.ts';

const schema = v.looseObject({ text: v.string('a text') }, '{ "text": … }');

/** Prints it, writes the page about it, and gives the exit code. @throws OptionError where there is no search; DataError, SearchError for files that are damaged */
export async function reportOf(folder: string): Promise<number> {
  const files = searchFiles(folder);
  if (!existsSync(files.journal) || !existsSync(files.config)) throw new OptionError(messages.noSearch(folder));
  await writePage(folder, folder);
  if (existsSync(files.found)) {
    const { text } = await jsonOf(files.found, schema, 'what `keepprob search` writes at its end');
    console.log(`${text}\n\n${placesOf(folder, existsSync(files.model))}`);
    return 0;
  }
  const found = await soFar(folder);
  console.log(`${messages.notOver()}\n${found?.text ?? messages.nothingYet()}\n\nreport       ${files.page}`);
  return 0;
}

/** The search itself, on a copy of its journal, interrupted before anything: it says what it has. */
async function soFar(folder: string): Promise<Found | null> {
  const files = searchFiles(folder);
  const searched = await readConfig(files.config);
  const rows = await searchRows(searched.owner, searched.samples[0]);
  const settings = settingsOf(searched.owner, searched.spec, searched.samples[0].data.classes !== undefined);
  const copy = await mkdtemp(join(tmpdir(), 'keepprob-report-'));
  const { signal } = aborted();
  try {
    await copyFile(files.journal, searchFiles(copy).journal).catch(error => {
      throw storageError(error, 'read', files.journal);
    });
    return await search<object>(() => 0, rows.data, {
      ...settings,
      ...{ space: spaceOf(searched), store: copy, resume: true, engine: idle, signal, progress: false },
      scale: rows.scale,
    });
  } catch (error) {
    if (error === signal.reason) return null;
    throw error;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function aborted(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

/** Computes nothing: it is never asked to. */
const idle: Engine = {
  name: 'idle',
  open: async () => ({
    size: 1,
    run: (_, { signal }) => Promise.reject(signal.reason),
    close: async () => undefined,
  }),
};
