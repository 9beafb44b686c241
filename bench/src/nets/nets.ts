/** The nets that people train: what the section `nets` counts and measures. */
import * as tf from '@tensorflow/tfjs';
import { cnn, type Kind, lstm, mlp, type Step, separable } from '../models.ts';
import { normedCnn, resnet, transposed } from './images.ts';
import { conv1d, feedforward, recurrent, text } from './sequences.ts';

export interface Net {
  /** As the table calls it. */
  readonly title: string;
  readonly make: (kind: Kind) => Step;
}

export function netsOf(quick: boolean): Readonly<Record<string, Net>> {
  const batch = (full: number): number => (quick ? 2 : full);
  const [image, time, words] = quick ? [8, 4, 50] : [32, 28, 2000];
  const sequences = { batch: batch(64), time, words };
  const size = { batch: batch(128), inputs: 784, hidden: quick ? 16 : 512, outputs: 10 };
  const net = (title: string, make: (kind: Kind) => Step): Net => ({ title, make });
  return {
    mlp: net(`MLP 784-${size.hidden}-${size.hidden}-10, dropout, L2, batch ${batch(128)}, momentum`, kind =>
      mlp(kind, size, { dropout: true, l2: true }),
    ),
    cnn: net(`CNN 28×28, conv 16 and 32, batch ${batch(64)}`, kind => cnn(kind, batch(64))),
    normedCnn: net('the same with batch norm', kind => normedCnn(kind, batch(64))),
    resnet: net(`two residual blocks with batch norm, ${image}×${image}×3, 16 channels, batch ${batch(16)}`, kind =>
      resnet(kind, batch(16), image),
    ),
    separable: net(`three depthwise-separable blocks with batch norm, ${image}×${image}×16, batch ${batch(16)}`, kind =>
      separable(kind, batch(16), image),
    ),
    lstm: net(`LSTM 64 × 28 steps, batch ${batch(64)}`, kind => lstm(kind, batch(64))),
    gru: net('GRU, the same', kind => recurrent(kind, tf.layers.gru, batch(64))),
    simpleRNN: net('SimpleRNN, the same', kind => recurrent(kind, tf.layers.simpleRNN, batch(64))),
    text: net(`embedding ${words}×64, LSTM 64, ${time} words, batch ${batch(64)}`, kind => text(kind, sequences)),
    feedforward: net(
      `embedding, two blocks of layer norm, dense 256 gelu, dense 64; ${time} words, batch ${batch(64)}`,
      kind => feedforward(kind, sequences),
    ),
    conv1d: net(`conv1d 32 and 64 filters of 5, 128×12, batch ${batch(64)}`, kind => conv1d(kind, batch(64))),
    transposed: net(`dense, two conv2dTranspose, batch ${batch(64)}`, kind => transposed(kind, batch(64))),
  };
}
