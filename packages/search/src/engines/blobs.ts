/** Data as files that are named by their content: written once, read once by each process, and never confused with others. */
import { createHash } from 'node:crypto';
import { type CheckpointStore, decodeSafetensors, encodeSafetensors, type StoredTensor } from '@keepprob/trainer';
import { directoryStore } from '@keepprob/trainer/node';
import type { Split, Table } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { StoredBlob } from './protocol.ts';

type Columns = Readonly<Record<string, StoredTensor>>;

const nameOf = (sha256: string): string => `${sha256}.safetensors`;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes with their name. */
export interface Blob {
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const blobOf = (bytes: Uint8Array<ArrayBuffer>): Blob => ({ sha256: hashOf(bytes), bytes });

const packed = (columns: Columns): Blob => blobOf(encodeSafetensors({ tensors: columns, metadata: {} }));

/** Writes a blob unless it exists, and returns its folder and hash. */
async function put(folder: string, { sha256, bytes }: Blob): Promise<StoredBlob> {
  const store: CheckpointStore = directoryStore(folder);
  if (!(await store.list()).includes(nameOf(sha256))) await store.write(nameOf(sha256), bytes);
  return { folder, sha256 };
}

/** @throws SearchError `damaged` if its content does not match its name */
async function get({ folder, sha256 }: StoredBlob): Promise<Columns> {
  const bytes = await directoryStore(folder).read(nameOf(sha256));
  if (!bytes || hashOf(bytes) !== sha256)
    throw new SearchError('damaged', messages.blobDamaged(folder, nameOf(sha256)));
  return decodeSafetensors(bytes).tensors;
}

export const tableBlob = ({ columns }: Table): Blob => packed(columns);

export const putTable = (folder: string, table: Table): Promise<StoredBlob> => put(folder, tableBlob(table));

export async function getTable(blob: StoredBlob): Promise<Table> {
  const columns = await get(blob);
  return { count: Object.values(columns)[0]?.shape[0] ?? 0, columns };
}

const rows = (data: Int32Array): StoredTensor => ({ dtype: 'int32', shape: [data.length], data });

/** The folds as one blob, whose names contain the index of each fold. */
export const splitsBlob = (splits: readonly Split[]): Blob =>
  packed(
    Object.fromEntries(
      splits.flatMap(({ repeat, fold, train, validation }, i) => [
        [`${i} place`, rows(Int32Array.of(repeat, fold))],
        [`${i} train`, rows(train)],
        [`${i} validation`, rows(validation)],
      ]),
    ),
  );

export const putSplits = (folder: string, splits: readonly Split[]): Promise<StoredBlob> =>
  put(folder, splitsBlob(splits));

export async function getSplits(blob: StoredBlob): Promise<readonly Split[]> {
  const columns = await get(blob);
  const part = (name: string): Int32Array => Int32Array.from(columns[name]?.data ?? []);
  return Array.from({ length: Object.keys(columns).length / 3 }, (_, i) => {
    const [repeat = 0, fold = 0] = part(`${i} place`);
    return { repeat, fold, train: part(`${i} train`), validation: part(`${i} validation`) };
  });
}

/**
 * Identifies data by names, shapes and the SHA-256 of the numbers.
 * @example
 * // 'x [1000,784] float32, y [1000] int32, SHA-256 9f86d0…'
 */
export function fingerprint({ columns }: Table): string {
  const shapes = Object.entries(columns).map(([name, { shape, dtype }]) => `${name} [${shape}] ${dtype}`);
  return [...shapes, `SHA-256 ${hashOf(encodeSafetensors({ tensors: columns, metadata: {} }))}`].join(', ');
}
