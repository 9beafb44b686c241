/**
 * Evaluates questions about the cost J inside a step of `fit`, so that J is exactly the one that would be trained, with every penalty and plugin. A step
 * answers one question and trains nothing; between steps, other tasks get a turn.
 */
import {
  definePlugin,
  type Hooks,
  PluginError,
  type Plugins,
  type Step,
  type StepOptions,
  type Weight,
} from '@keepprob/core';
import { type FitOptions, fit, type TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The settings under which J is evaluated. */
export interface Setting {
  readonly loss: FitOptions['loss'];
  readonly plugins: readonly Plugins[];
  /** Maximum number of rows to use, from the first on. */
  readonly limitRows: number;
  readonly seed: number;
  readonly signal?: AbortSignal | null;
}

type Batch = Parameters<Step>[0];

/** The view of a step that a question gets. */
export interface View {
  /** A pass with the current weights; calling it again repeats the same random draws. Without gradients it is only the forward pass. */
  readonly look: (options?: StepOptions) => ReturnType<Step>;
  readonly batch: Batch;
  /** The weights that would be trained. */
  readonly weights: readonly Weight[];
  /** Observes the loss on the tape while `look` runs. */
  watchLoss(watch: Required<Hooks>['loss']): void;
}

/** Returns numbers as a tensor; runs in its own `tf.tidy`. */
export type Question = (view: View) => tf.Tensor;

const nothing = (): ReturnType<Step> => {
  const zero = (): tf.Scalar => tf.scalar(0);
  return { loss: zero(), penalty: zero(), cost: zero(), metrics: {}, gradients: new Map(), l2: new Map() };
};

/**
 * Returns the answers in the order of the questions. Weights and dropout rates stay as the questions leave them.
 * @throws DataError, OptionError as `fit` does; the reason of `signal`; any error of the model or a plugin
 */
export async function ask(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  questions: readonly Question[],
  answered: (index: number, answer: Float32Array) => void | Promise<void> = () => undefined,
): Promise<Float32Array[]> {
  const { loss, plugins, limitRows, seed, signal } = setting;
  const answers: Float32Array[] = [];
  let pending: tf.Tensor | undefined;
  let watch: Required<Hooks>['loss'] | undefined;
  let failure: { readonly error: unknown } | undefined;
  const probe = definePlugin({
    name: 'lens',
    options: {},
    setup: () => ({
      step(inner, batch, weights, at) {
        watch = undefined;
        const watchLoss = (f: Required<Hooks>['loss']): void => {
          watch = f;
        };
        try {
          const question = questions[answers.length] as Question;
          pending = tf.keep(question({ look: options => inner(batch, at.rows, options), batch, weights, watchLoss }));
        } catch (error) {
          failure = { error };
          throw error;
        }
        return nothing();
      },
      loss: (value, pass, at) => watch?.(value, pass, at) ?? value,
    }),
  })();
  const optimizer = tf.train.sgd(0);
  try {
    if (questions.length) {
      signal?.throwIfAborted();
      await fit(model, data, {
        ...{ loss, optimizer, seed, signal: signal ?? null },
        // innermost: methods that take more than one pass change how J is trained, not J itself
        plugins: [...plugins, probe],
        epochs: questions.length,
        ...{ batchSize: limitRows, limitBatches: 1, shuffle: false, trainEvaluation: false },
        async progress({ type }) {
          if (type !== 'step') return;
          const answer = (await pending?.data<'float32'>()) as Float32Array;
          pending?.dispose();
          pending = undefined;
          answers.push(answer);
          await answered(answers.length - 1, answer);
        },
      });
      signal?.throwIfAborted();
    }
    return answers;
  } catch (error) {
    throw failure ? unwrapped(failure.error) : error;
  } finally {
    pending?.dispose();
    optimizer.dispose();
  }
}

/** The probe is not one of the user's plugins: an error in it was thrown by the model, the loss or a real plugin. */
const unwrapped = (error: unknown): unknown =>
  error instanceof PluginError && error.plugin === 'lens' && error.cause ? error.cause : error;
