/** Hints at the nearest alternative for things that Keras has and TensorFlow.js does not have. */
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

/** Other alternatives. */
const others: Readonly<Record<string, string>> = {
  Conv1DTranspose: 'The nearest is Conv2DTranspose, with a height of 1.',
  GroupNormalization: 'The nearest is LayerNormalization.',
  Lambda: 'Its Python code cannot run here. Use a layer that computes the same.',
  SpectralNormalization:
    'The nearest is spectralNorm of @keepprob/l2, which computes with the kernel and does not overwrite it.',
};

/** Layers that exist in TensorFlow.js under the same name but compute something else. */
const elsewise: Readonly<Record<string, string>> = {
  Resizing: 'it interpolates between other points than Keras does. Resize images before you pass them to the model.',
};

/** @throws ConvertError always, with the class, its place in the model, and the nearest alternative */
export function unknownClass(kind: string, where: string, name: string, known: readonly string[]): never {
  if (Object.hasOwn(elsewise, name)) {
    const message = messages.differs(where, name, elsewise[name] ?? '');
    throw new ConvertError('unknownClass', message, { layer: where, className: name });
  }
  const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  const other = Object.hasOwn(others, name) ? others[name] : undefined;
  const close = nearest(name, known);
  const hint = plugin
    ? `The nearest is ${plugin}() of @keepprob/augment, a training plugin: leave the layer out, and pass the plugin to fit().`
    : (other ?? (close ? `The nearest is ${close}.` : 'Use another one in Keras, and save the model again.'));
  throw new ConvertError('unknownClass', messages.unknownClass(kind, where, name, hint), {
    layer: where,
    className: name,
  });
}
