/** `search` in Node, where it can store its journal in a folder. */
import type { ArrayData } from '@keepprob/trainer';
import type { Trial } from '../contract.ts';
import { fingerprint } from '../engines/blobs.ts';
import { fileJournal } from '../journal/file.ts';
import type { Chosen } from '../space/chosen.ts';
import type { Found } from './found/found.ts';
import type { SearchOptions } from './options.ts';
import { type Place, searchAt } from './searchAt.ts';

const onDisk: Place = { openJournal: fileJournal, fingerprint };

/** Like `search` of the main entry point, with `store`. */
export function search<const C>(
  trial: Trial<Chosen<C>> | URL,
  data: ArrayData,
  options: SearchOptions<C>,
): Promise<Found<Chosen<C>>> {
  return searchAt(onDisk, trial, data, options);
}
