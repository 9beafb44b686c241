/** What can go wrong in a search, beside wrong options and wrong data. */

/**
 * A trial threw, or gave no finite number. The search records it as failed and goes on.
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
 * - `failing`: three trials in a row failed for one reason
 * - `nothing`: no trial is complete, so that there is nothing to choose from
 * - `exists`: the folder holds a search already, and `resume` is false
 * - `different`: the journal is of another search: another space, folds, data or metric
 * - `damaged`: the journal was changed, or is none
 * - `inUse`: another search writes to the same folder
 * - `storage`: the file system failed; `cause` tells
 * - `worker`: processes that compute cannot be started
 * - `database`: it cannot be reached, or a package that reaches it is missing
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
 * A search cannot begin, or cannot go on. `problem` says why, and the message what to do.
 * @example
 * const broken = () => Promise.reject(new Error('no such layer'));
 * const error = await search(broken, { x, y }, { space: { keep: keepProb(0.5, 1) }, progress: false }).catch(reason => reason);
 * error.problem; // 'failing'
 */
export class SearchError extends Error {
  /** 'SearchError'. */
  override readonly name: string = 'SearchError';
  /** What is wrong. */
  readonly problem: SearchProblem;

  constructor(problem: SearchProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}
