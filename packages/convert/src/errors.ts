/**
 * - `untranslatable`: the other library has no equivalent; `layer` and `className` say for what
 * - `unknownClass`: a file has a layer, a constraint, … that TensorFlow.js does not have; `layer` and `className` say which
 * - `foreign`: not a file of this format, or not a model
 * - `damaged`: a file that was truncated or changed, or whose weights do not match its layers
 * - `tooLarge`: the file exceeds the size limit, packed or unpacked
 */
export type ConvertProblem = 'untranslatable' | 'unknownClass' | 'foreign' | 'damaged' | 'tooLarge';

/** The subject of a `ConvertError`. */
export interface ConvertSubject {
  /** Name of the layer concerned, preceded by the names of the models around it. */
  readonly layer?: string | undefined;
  /** The class concerned. */
  readonly className?: string | undefined;
  /** The underlying error. */
  readonly cause?: unknown;
}

/**
 * A model cannot be exported, or a file cannot be read. `problem` says why, and the message what to do.
 * @example
 * const error = await exportTorch(tf.sequential({ layers: [tf.layers.convLstm2d({ filters: 1, kernelSize: 1, inputShape: [2, 3, 3, 1] })] })).catch(reason => reason);
 * error.problem; // 'untranslatable'
 * error.className; // 'ConvLSTM2D'
 */
export class ConvertError extends Error {
  /** 'ConvertError'. */
  override readonly name: string = 'ConvertError';
  /** The kind of problem. */
  readonly problem: ConvertProblem;
  /** Name of the layer concerned, if any. */
  readonly layer: string | undefined;
  /** The class concerned, if any. */
  readonly className: string | undefined;

  constructor(problem: ConvertProblem, message: string, { layer, className, cause }: ConvertSubject = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.layer = layer;
    this.className = className;
  }
}
