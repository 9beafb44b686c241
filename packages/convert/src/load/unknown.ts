/** What Keras has and TensorFlow.js has not: the nearest that there is. */
import { nearest } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';

/** Layers of Keras that are training plugins here, from `kerasName` in the catalogues. */
export const plugins: Readonly<Record<string, string>> = {
  CutMix: 'cutmix',
  MixUp: 'mixup',
  RandAugment: 'randAugment',
  RandomColorJitter: 'colorJitter',
  RandomCrop: 'randomCrop',
  RandomErasing: 'randomErasing',
  RandomFlip: 'randomFlip',
  RandomGrayscale: 'randomGrayscale',
  RandomRotation: 'randomRotation',
  RandomShear: 'randomShear',
  RandomTranslation: 'randomTranslation',
  RandomZoom: 'randomZoom',
};

/** What can be done instead. */
const others: Readonly<Record<string, string>> = {
  Conv1DTranspose: 'The nearest is Conv2DTranspose, with a height of 1.',
  GroupNormalization: 'The nearest is LayerNormalization.',
  Lambda: 'Its Python code cannot run here. Use a layer that computes the same.',
  SpectralNormalization:
    'The nearest is spectralNorm of @keepprob/l2, which computes with the kernel and does not overwrite it.',
};

/** What is here under the same name, and computes something else. */
const elsewise: Readonly<Record<string, string>> = {
  Resizing: 'it interpolates between other points than Keras does. Resize images before they come to the model.',
};

/** @throws ConvertError always, with the class, where it stands, and the nearest that there is */
export function unknownClass(kind: string, where: string, name: string, known: readonly string[]): never {
  if (Object.hasOwn(elsewise, name)) {
    const message = messages.differs(where, name, elsewise[name] ?? '');
    throw new ConvertError('unknownClass', message, { layer: where, className: name });
  }
  const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  const other = Object.hasOwn(others, name) ? others[name] : undefined;
  const close = nearest(name, known);
  const hint = plugin
    ? `The nearest is ${plugin}() of @keepprob/augment, a training plugin: leave the layer out, and give the plugin to fit().`
    : (other ?? (close ? `The nearest is ${close}.` : 'Use another one in Keras, and save the model again.'));
  throw new ConvertError('unknownClass', messages.unknownClass(kind, where, name, hint), {
    layer: where,
    className: name,
  });
}
