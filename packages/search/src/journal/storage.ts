import { storageError } from '@keepprob/trainer/node';
import { SearchError } from '../errors.ts';

/** The `SearchError` of an error of the file system, with what to do about it. */
export const storageFailed = (error: unknown, what: string, path: string): SearchError =>
  new SearchError('storage', storageError(error, what, path).message, error);
