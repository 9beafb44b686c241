/**
 * - `untranslatable`: the other library has nothing that computes the same; `layer` and `className` say what
 * - `unknownClass`: a file has a layer, a constraint, … that TensorFlow.js does not have; `layer` and `className` say which
 * - `foreign`: not a file of this format, or not one of a model
 * - `damaged`: a file that was cut short or changed, or whose weights do not belong to its layers
 * - `tooLarge`: more bytes than are read, packed or unpacked
 */
export type ConvertProblem = 'untranslatable' | 'unknownClass' | 'foreign' | 'damaged' | 'tooLarge';

/** What a `ConvertError` is about. */
export interface ConvertSubject {
  /** The layer that it is about, by name; with the names of the models around it. */
  readonly layer?: string | undefined;
  /** The class that it is about. */
  readonly className?: string | undefined;
  /** The error behind it. */
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
  /** What is wrong. */
  readonly problem: ConvertProblem;
  /** The layer that it is about, by name, if it is about one. */
  readonly layer: string | undefined;
  /** The class that it is about, if it is about one. */
  readonly className: string | undefined;

  constructor(problem: ConvertProblem, message: string, { layer, className, cause }: ConvertSubject = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.layer = layer;
    this.className = className;
  }
}
