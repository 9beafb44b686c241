/**
 * - `foreign`: not a checkpoint, or not one that this version can read
 * - `damaged`: a checkpoint that was cut short or changed
 * - `unsavable`: something in the run cannot be saved in a file
 * - `full`: no room on the disk
 * - `readOnly`: writing is not allowed
 * - `storage`: the store failed in another way; `cause` has the error
 * - `different`: it belongs to a different run from the one to resume, or to a different model
 * - `missing`: there is no checkpoint
 * - `inUse`: another run is saving in the same store
 */
export type CheckpointProblem =
  | 'foreign'
  | 'damaged'
  | 'unsavable'
  | 'full'
  | 'readOnly'
  | 'storage'
  | 'different'
  | 'missing'
  | 'inUse';

/**
 * A checkpoint cannot be written, read or used, or a log cannot be written. `problem` says why, and the message what to do.
 * @example
 * try {
 *   restoreWeights(model, await checkpoints(memoryStore()).best());
 * } catch (error) {
 *   if (!(error instanceof CheckpointError) || error.problem !== 'missing') throw error;
 * }
 */
export class CheckpointError extends Error {
  /** 'CheckpointError'. */
  override readonly name: string = 'CheckpointError';
  /** The kind of problem. */
  readonly problem: CheckpointProblem;

  constructor(problem: CheckpointProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}
