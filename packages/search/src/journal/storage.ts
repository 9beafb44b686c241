import { storageError } from '@keepprob/trainer/node';
import { SearchError } from '../errors.ts';

/** Turns an error of the file system into a `SearchError` that says what to do. */
export const storageFailed = (error: unknown, what: string, path: string): SearchError =>
  new SearchError('storage', storageError(error, what, path).message, error);
