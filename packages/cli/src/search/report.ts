/** Reports the results of a search from its folder; for a search that is running or was interrupted, what its journal has so far. */
import { existsSync } from 'node:fs';
import { OptionError } from '@keepprob/core';
import { jsonOf } from '@keepprob/trainer/node';
import * as v from 'valibot';
import * as messages from '../config/messages.ts';
import { placesOf, writePage } from './end.ts';
import { searchFiles } from './folder.ts';

const schema = v.looseObject({ text: v.string('a text') }, '{ "text": … }');

/** Prints the results, writes the report, and returns the exit code. @throws OptionError if there is no search; DataError, SearchError for damaged files */
export async function reportOf(folder: string): Promise<number> {
  const files = searchFiles(folder);
  if (!existsSync(files.journal)) throw new OptionError(messages.noSearch(folder));
  const soFar = await writePage(folder, folder);
  if (existsSync(files.found)) {
    const { text } = await jsonOf(files.found, schema, 'what `keepprob search` writes at its end');
    console.log(`${text}\n\n${placesOf(folder, existsSync(files.model))}`);
  } else console.log(`${soFar}\n\nreport       ${files.page}`);
  return 0;
}
