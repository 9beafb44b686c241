/**
 * Recurrent (variational) dropout: one mask for the inputs and one for the state, drawn once for each sequence and the same at all of its
 * time steps. Gal & Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016, eq. 7, with the
 * masks tied over the gates.
 *
 *     x_t ← m_x ∘ x_t / keepProb        h_{t−1} ← m_h ∘ h_{t−1} / recurrentKeepProb, where the recurrent kernel reads it
 */
import type { OptionSpecs } from '@keepprob/core';
import type { DescribesNoise, layerPlugin, PluginLayer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { gruCell, gruStep } from './gruCell.ts';
import { type RecurrentDefinition, RecurrentLayer } from './recurrentLayer.ts';
import { argumentsOf, type CheckedRecurrentOptions, type RecurrentOptions, specs } from './recurrentOptions.ts';
import { dropBefore, type StockCell } from './stateDropout.ts';

export type { CheckedRecurrentOptions, RecurrentOptions } from './recurrentOptions.ts';

/** A layer plugin that is also an RNN: `states`, `resetStates()`. */
export type RecurrentDropoutLayer = tfl.RNN &
  Pick<PluginLayer<CheckedRecurrentOptions>, 'options' | 'setOptions' | 'reset' | typeof layerPlugin> &
  DescribesNoise;

/** Makes recurrent layers with dropout in their cells. */
export interface RecurrentFactory<Args> {
  /** Makes the layer. @throws OptionError for options that it does not take */
  (options: RecurrentOptions<Args>): RecurrentDropoutLayer;
  /** The class of its layers, as saved models name it. */
  readonly layerClass: tf.serialization.SerializableConstructor<RecurrentDropoutLayer>;
  /** What each option takes. */
  readonly definition: { readonly name: string; readonly options: OptionSpecs<CheckedRecurrentOptions> };
}

function recurrent<Args, CellArgs, Cell extends StockCell>(
  definition: RecurrentDefinition<CellArgs, Cell>,
): RecurrentFactory<Args> {
  const { name, className, own } = definition;
  const parts = argumentsOf(own);

  class Recurrent extends RecurrentLayer<CellArgs, Cell> {
    static override readonly className = className;
    constructor(given: object) {
      super(definition, parts, given);
    }
    static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      config: tf.serialization.ConfigDict,
    ): T {
      return new cls(parts.saved(config) as tf.serialization.ConfigDict);
    }
  }

  const factory = (given: RecurrentOptions<Args>): RecurrentDropoutLayer => new Recurrent(given);
  return Object.assign(factory, {
    layerClass: Recurrent as RecurrentFactory<Args>['layerClass'],
    definition: { name, options: specs },
  });
}

/**
 * `tf.layers.lstm` with recurrent dropout: in training the same inputs and units are dropped at every time step, with new draws for each sequence
 * and update. At inference, and if nothing is dropped, it is the stock layer. The backward pass draws the masks again.
 *
 * `dropoutLSTM({ units: 64, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true })`, or with Keras' rates
 * `{ units: 64, dropout: 0.2, recurrentDropout: 0.3 }`; takes all arguments of `tf.layers.lstm`. [batch, time, features] → [batch, units],
 * or [batch, time, units] with `returnSequences`. `register()` before `tf.layers.bidirectional`, which clones its layer.
 * @example
 * const net = tf.sequential();
 * net.add(dropoutLSTM({ units: 16, keepProb: 0.8, recurrentKeepProb: 0.7, inputShape: [10, 4] }));
 * dropoutLSTM({ units: 16, dropout: 0.2, recurrentDropout: 0.3 }); // Keras' rates
 * @throws OptionError for keepProb together with `dropout`, a value out of (0, 1], an unknown argument
 */
export const dropoutLSTM: RecurrentFactory<tfl.LSTMLayerArgs> = recurrent({
  name: 'dropoutLSTM',
  className: 'KeepprobLSTM',
  own: 'recurrentActivation unitForgetBias implementation',
  cell: tfl.layers.lstmCell,
  step: dropBefore,
});

/**
 * `tf.layers.gru` with recurrent dropout; see `dropoutLSTM`. The state that is carried over is not dropped. `resetAfter: true`, Keras' default, works.
 * @example
 * dropoutGRU({ units: 16, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true });
 * @throws OptionError as `dropoutLSTM` does
 */
export const dropoutGRU: RecurrentFactory<
  tfl.GRULayerArgs & {
    /** The reset gate is after the recurrent kernel, and there are two biases, as in Keras by default; false by default here. */
    readonly resetAfter?: boolean;
  }
> = recurrent({
  name: 'dropoutGRU',
  className: 'KeepprobGRU',
  own: 'recurrentActivation implementation resetAfter',
  cell: gruCell,
  step: gruStep,
});

/**
 * `tf.layers.simpleRNN` with recurrent dropout; see `dropoutLSTM`.
 * @example
 * dropoutSimpleRNN({ units: 16, keepProb: 0.8, recurrentKeepProb: 0.7 });
 * @throws OptionError as `dropoutLSTM` does
 */
export const dropoutSimpleRNN: RecurrentFactory<tfl.SimpleRNNLayerArgs> = recurrent({
  name: 'dropoutSimpleRNN',
  className: 'KeepprobSimpleRNN',
  own: '',
  cell: tfl.layers.simpleRNNCell,
  step: dropBefore,
});
