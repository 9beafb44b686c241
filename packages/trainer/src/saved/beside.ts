/** Reads preprocessing.json next to a model on a server. */
import { DataError } from '@keepprob/core';
import { util } from '@tensorflow/tfjs-core';
import * as messages from './messages.ts';
import { checkedPreprocessing, PREPROCESSING, type Preprocessing } from './preprocessing.ts';

export const FILE = 'preprocessing.json';

/** Status codes that servers return for missing files; some also return them for files without public access. */
const ABSENT: ReadonlySet<number> = new Set([403, 404, 410]);

/** The path of a URL up to its last slash, and the query after the path. */
const url = /^(?!indexeddb:|localstorage:)([^?#]*\/)?[^/?#]*(\?[^#]*)?/;

/** @throws DataError for a file with other contents, or one that the server does not deliver */
export async function preprocessingBeside(model: string): Promise<Preprocessing | undefined> {
  const [found, folder = '', query = ''] = url.exec(model) ?? [];
  if (found === undefined) return undefined;
  const address = `${folder}${FILE}${query}`;
  const response = await util.fetch(address);
  if (ABSENT.has(response.status)) return undefined;
  if (!response.ok) throw new DataError(messages.notRead(address, `HTTP status ${response.status}`));
  const text = await response.text();
  // servers of single-page applications answer with that page if there is no such file
  if (text.trimStart().startsWith('<')) return undefined;
  return checkedPreprocessing(address, parsed(address, text));
}

function parsed(address: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw DataError.of(address, PREPROCESSING, error instanceof Error ? error.message : String(error));
  }
}
