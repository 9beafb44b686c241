/** preprocessing.json beside a model on a server. */
import { DataError } from '@keepprob/core';
import { util } from '@tensorflow/tfjs-core';
import * as messages from './messages.ts';
import { checkedPreprocessing, PREPROCESSING, type Preprocessing } from './preprocessing.ts';

export const FILE = 'preprocessing.json';

/** What servers say of files that there are not; some say it of those that may not be seen. */
const ABSENT: ReadonlySet<number> = new Set([403, 404, 410]);

/** The path of a URL up to its last slash, and what is behind the path. */
const url = /^(?!indexeddb:|localstorage:)([^?#]*\/)?[^/?#]*(\?[^#]*)?/;

/** @throws DataError for a file that is another, or that the server does not give */
export async function preprocessingBeside(model: string): Promise<Preprocessing | undefined> {
  const [found, folder = '', query = ''] = url.exec(model) ?? [];
  if (found === undefined) return undefined;
  const address = `${folder}${FILE}${query}`;
  const response = await util.fetch(address);
  if (ABSENT.has(response.status)) return undefined;
  if (!response.ok) throw new DataError(messages.notRead(address, `HTTP status ${response.status}`));
  const text = await response.text();
  // applications of one page answer with that page where there is no file
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
