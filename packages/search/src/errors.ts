/** Errors of a search, other than wrong options and wrong data. */

/**
 * A trial threw an error, or returned no finite number. The search records it as failed and continues.
 * @example
 * new TrialError('the loss is NaN').cause; // undefined
 */
export class TrialError extends Error {
  /** 'TrialError'. */
  override readonly name: string = 'TrialError';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/**
 * - `failing`: three trials in a row failed for the same reason
 * - `nothing`: no trial is complete, so there is nothing to choose from
 * - `exists`: the folder already holds a search, and `resume` is false
 * - `different`: the journal belongs to another search, with another space, folds, data or metric
 * - `damaged`: the journal was changed, or is not a journal
 * - `inUse`: another search is writing to the same folder
 * - `storage`: the file system failed; `cause` has the error
 * - `worker`: the processes that compute cannot be started
 * - `database`: the database cannot be reached, or a package for it is missing
 * - `version`: a worker has another version of this package than the search
 */
export type SearchProblem =
  | 'failing'
  | 'nothing'
  | 'exists'
  | 'different'
  | 'damaged'
  | 'inUse'
  | 'storage'
  | 'worker'
  | 'database'
  | 'version';

/**
 * A search cannot start, or cannot continue. `problem` says why, and the message says what to do.
 * @example
 * const broken = () => Promise.reject(new Error('no such layer'));
 * const error = await search(broken, { x, y }, { space: { keep: keepProb(0.5, 1) }, progress: false }).catch(reason => reason);
 * error.problem; // 'failing'
 */
export class SearchError extends Error {
  /** 'SearchError'. */
  override readonly name: string = 'SearchError';
  /** The kind of problem. */
  readonly problem: SearchProblem;

  constructor(problem: SearchProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}
