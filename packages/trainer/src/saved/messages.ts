/** Messages about saved models. Each says what was expected, what was received, and what to do. */
import { show } from '@keepprob/core/driver';

export const noFile = (path: string): string => `${path}: no such file.`;
export const notRead = (path: string, reason: string): string => `${path}: ${reason}`;
export const graphModel = (what: string): string =>
  `${what}: expected a layers model. Received: a GraphModel, which has no layers and can only be run (tf.loadGraphModel). ` +
  'To train it, or to use it here, convert the Keras model that it was made from: tensorflowjs_converter --input_format=keras --output_format=tfjs_layers_model model.h5 folder';
export const otherFormat = (path: string, kind: string): string =>
  `${path}: expected the model.json of a layers model. Received: ${kind}. ` +
  `Load it by loadKeras of @keepprob/convert/keras, or convert it: npx keepprob import ${show(path).slice(1, -1)} --out folder`;
/** '@keepprob/convert' for its entry point '@keepprob/convert/layers'. */
const installed = (door: string): string => door.split('/').slice(0, 2).join('/');
export const unknownClass = (what: string, kind: string, name: string, packages: readonly string[]): string =>
  `${what}: it has a ${kind} of class ${show(name)}, which is not registered. ${
    packages.length === 0
      ? `Import the package that it comes from and call its register() before, or register a class of your own: tf.serialization.registerClass(${show(name).slice(1, -1)}).`
      : `It is in ${packages.join(' or ')}: npm install ${packages.map(installed).join(' ')}, and before the model is loaded: import { register } from '${packages[0]}'; register();`
  }`;
export const notLoaded = (what: string, reason: string): string => `${what}: ${reason}`;
export const noPreprocessing = (owner: string, what: string): string =>
  `${owner}: ${what} says nothing about the data that it was trained on. loadModel() finds preprocessing.json next to a model of \`keepprob train\`; ` +
  'for others pass an object { columns, scaling, …, shape }.';
