/** Opens passes over streams of all kinds. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Dataset } from './given.ts';

/** The batches of one pass. */
export interface Batches {
  next(): unknown;
  return?(): unknown;
}

export interface Opening {
  open(epoch: number): Promise<Batches>;
  readonly repeatable: boolean;
  /** Whether the order of a pass is drawn when it is opened, as in TF.js. */
  readonly ordersItself: boolean;
}

/** @returns undefined if `data` is not a stream */
export function openingOf(what: string, data: unknown): Opening | undefined {
  if (typeof data === 'function') {
    const open = async (epoch: number): Promise<Batches> => {
      const returned: unknown = await data(epoch);
      const opening = typeof returned === 'function' ? undefined : openingOf(what, returned);
      if (opening) return opening.open(epoch);
      const expected = 'a function that returns a generator, an async iterable or a dataset of batches';
      throw DataError.of(what, expected, `one that returns ${show(returned)}`);
    };
    return { open, repeatable: true, ordersItself: false };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  if (isAsyncIterable(data))
    return { open: async () => data[Symbol.asyncIterator](), repeatable: isRepeatable(data), ordersItself: false };
  if (isIterable(data))
    return { open: async () => data[Symbol.iterator](), repeatable: isRepeatable(data), ordersItself: false };
  if (isDataset(data)) return { open: () => data.iterator(), repeatable: true, ordersItself: true };
  return undefined;
}

const isAsyncIterable = (data: object): data is AsyncIterable<unknown> =>
  Symbol.asyncIterator in data && typeof data[Symbol.asyncIterator] === 'function';
const isIterable = (data: object): data is Iterable<unknown> =>
  Symbol.iterator in data && typeof data[Symbol.iterator] === 'function' && !ArrayBuffer.isView(data);
const isDataset = (data: object): data is Dataset => 'iterator' in data && typeof data.iterator === 'function';

/** Generators, and the streams of Node and of the web, can be read only once. */
const isRepeatable = (stream: object): boolean => !['next', 'read', 'getReader'].some(method => method in stream);
