/** Writes the results of a search: the config to train, the numbers, the model. */
import { basename, resolve } from 'node:path';
import { type Found, report } from '@keepprob/search';
import type { JsonConfig } from '../config/config.ts';
import * as messages from '../config/messages.ts';
import { checkConfig } from '../config/schema/checkConfig.ts';
import { save, writeJson, writeText } from '../run/save.ts';
import { pathsFrom, searchFiles } from './folder.ts';
import type { Searched } from './readConfig.ts';
import { needsValidation } from './rehearse.ts';
import type { SearchRows } from './rows.ts';

/** The share of rows that the config to train sets aside if it needs validation rows and specifies none. */
const VALIDATION = 0.2;

export async function endIn(folder: string, searched: Searched, rows: SearchRows, found: Found): Promise<void> {
  const files = searchFiles(folder);
  const { model, scaling, ...numbers } = found;
  await writeJson(files.best, await toTrain(folder, searched, rows, found), 2);
  if (model) {
    await save(model, { ...rows.preprocessing, ...(scaling?.x && { scaling: scaling.x }) }, files);
  }
  await writePage(folder, found);
  // last, so that if it exists, all the others do
  await writeJson(files.found, { ...numbers, model: null, scaling });
}

/**
 * Writes the report on the results, or on the journal in the folder so far.
 * @returns its verdicts, for a terminal
 */
export async function writePage(folder: string, found: Found | string): Promise<string> {
  const { html, text } = await report(found, { title: `keepprob search: ${basename(resolve(folder))}` });
  await writeText(searchFiles(folder).page, html);
  return text;
}

/** The chosen config, as `keepprob train` reads it from that folder. */
async function toTrain(
  folder: string,
  { owner, space }: Searched,
  rows: SearchRows,
  { chosen }: Found,
): Promise<JsonConfig> {
  const config = checkConfig(owner, space.at(chosen.point));
  const { data, ...paths } = pathsFrom(owner, config, folder);
  const isMissing = data.validation === undefined && (await needsValidation(owner, config, rows));
  return { ...config, ...paths, data: isMissing ? { ...data, validation: VALIDATION } : data };
}

/** Lists the paths of all results. */
export function placesOf(folder: string, hasModel: boolean): string {
  const { best, model, journal, found, page } = searchFiles(folder);
  const rows = [
    ['report', page],
    ['to copy', `${best}: ${messages.goOn('train', [best])}`],
    ...(hasModel ? [['model', model]] : []),
    ['numbers', `${found}, ${journal}`],
  ];
  return rows.map(([name = '', value]) => `${name.padEnd(12)} ${value}`).join('\n');
}
