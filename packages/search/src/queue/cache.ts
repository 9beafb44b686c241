/** Files that a worker has fetched, stored on its disk by SHA-256, where the processes that compute read them. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { directoryStore } from '@keepprob/trainer/node';
import { blobOf } from '../engines/blobs.ts';
import type { StoredTask } from '../engines/protocol.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { getBlob } from './databases/database.ts';
import type { Database } from './databases/ends.ts';
import type { InstalledModules } from './installed.ts';
import type { QueuedTask, Stored } from './queued.ts';

const TFJS = '@tensorflow/tfjs-core';

/** A folder next to the TensorFlow.js of this package, so that a module in it imports the same TensorFlow.js. */
export function cacheFolder(): string {
  const places = createRequire(import.meta.url).resolve.paths(TFJS) ?? [];
  return join(places.find(place => existsSync(join(place, TFJS))) ?? 'node_modules', '.cache', 'keepprob');
}

/** Where tasks are fetched from and to, and the modules that need not be fetched. */
export interface Source {
  readonly database: Database;
  readonly folder: string;
  readonly modules: InstalledModules;
}

/** Fetches the files of a task and checks them against their names. */
export async function fetched(source: Source, task: QueuedTask): Promise<StoredTask> {
  const { folder } = source;
  const { code, search, table, splits, metric, scale } = task;
  const [address] = await Promise.all([
    fetchedCode(source, code),
    fetchInto(source, `${table.sha256}.safetensors`, table),
    fetchInto(source, `${splits.sha256}.safetensors`, splits),
  ]);
  const trial = new URL(address);
  trial.search = search;
  const stored = ({ sha256 }: Stored): StoredTask['table'] => ({ folder, sha256 });
  return { trial: trial.href, table: stored(table), splits: stored(splits), metric, scale };
}

async function fetchedCode(source: Source, code: QueuedTask['code']): Promise<URL> {
  if ('module' in code) {
    const installed = source.modules[code.module];
    if (!installed) throw new SearchError('version', messages.moduleMissing(code.module));
    return installed.address;
  }
  await fetchInto(source, `${code.sha256}.mjs`, code);
  return pathToFileURL(join(source.folder, `${code.sha256}.mjs`));
}

async function fetchInto({ database, folder }: Source, name: string, stored: Stored): Promise<void> {
  const store = directoryStore(folder);
  const here = await store.read(name);
  if (here && blobOf(here).sha256 === stored.sha256) return;
  const bytes = await getBlob(database, stored);
  if (!bytes || blobOf(bytes).sha256 !== stored.sha256)
    throw new SearchError('damaged', messages.blobMissing(database.name, stored.sha256));
  await store.write(name, bytes);
}
