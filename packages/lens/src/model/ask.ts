/**
 * Questions to the cost J, asked inside a step of `fit`: what is looked at is what would be trained, with every penalty and plugin. A step
 * answers one question and trains nothing; between two of them others get a turn.
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

/** Where J is looked at. */
export interface Setting {
  readonly loss: FitOptions['loss'];
  readonly plugins: readonly Plugins[];
  /** At most n rows, the first ones. */
  readonly limitRows: number;
  readonly seed: number;
  readonly signal?: AbortSignal | null;
}

type Batch = Parameters<Step>[0];

/** What a question may look at. */
export interface View {
  /** A pass on the weights as they are; called again, the same draws. Without gradients it is the forward pass alone. */
  readonly look: (options?: StepOptions) => ReturnType<Step>;
  readonly batch: Batch;
  /** The weights that would be trained. */
  readonly weights: readonly Weight[];
  /** Sees the loss on the tape, while `look` runs. */
  watchLoss(watch: Required<Hooks>['loss']): void;
}

/** Gives back numbers; runs in a `tf.tidy` of its own. */
export type Question = (view: View) => tf.Tensor;

const nothing = (): ReturnType<Step> => {
  const zero = (): tf.Scalar => tf.scalar(0);
  return { loss: zero(), penalty: zero(), cost: zero(), metrics: {}, gradients: new Map(), l2: new Map() };
};

/**
 * The answers, in the order of the questions. Weights and strengths of dropout stay as the questions leave them.
 * @throws DataError, OptionError as `fit` does; the reason of `signal`; what the model or a plugin throws
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
        // innermost: methods that take more than one pass are what J is trained with, not what it is
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

/** A question of the lens is no plugin of the user's: what fails in it is what the model, the loss or a real plugin threw. */
const unwrapped = (error: unknown): unknown =>
  error instanceof PluginError && error.plugin === 'lens' && error.cause ? error.cause : error;
