/** Messages about files and translations. Each says what was expected, what was received, and what to do. */
import { show } from '@keepprob/core/driver';

export const notSafetensors = (reason: string): string => `expected a whole safetensors file. Received: ${reason}.`;
export const ofTensor = (name: string, reason: string): string => `tensor ${show(name)}: ${reason}`;
export const dtypeUnknown = (dtype: unknown, known: readonly string[]): string =>
  `its dtype is ${show(dtype)}; these can be read: ${known.join(', ')}`;

export const untranslatable = (owner: string, layer: string, className: string, reason: string): string =>
  `${owner}: layer ${show(layer)} (${className}) cannot be translated: ${reason} Nothing was written.`;
export const untranslatablePlugin = (owner: string, plugin: string, reason: string): string =>
  `${owner}: plugin ${show(plugin)} cannot be translated: ${reason} Nothing was written.`;

export const damagedArchive = (reason: string): string =>
  `expected a whole .keras file, which is a zip archive. Received: one that was cut short or changed (${reason}). Copy it again.`;
export const notInArchive = (name: string, names: readonly string[]): string =>
  `expected a .keras file, which is a zip archive with ${name}. Received: an archive with ${names.slice(0, 5).map(show).join(', ') || 'nothing'}.`;
export const tooLarge = (name: string, size: number, most: number): string =>
  `${show(name)} has ${size} bytes; at most ${most} are read.`;
export const encrypted = (name: string): string =>
  `${show(name)} of the archive is encrypted. Save the model again without a password.`;
export const packedOtherwise = (name: string, method: number): string =>
  `${show(name)} in the archive uses compression method ${method}; only stored (0) and deflated (8) can be read. Save the model again.`;
export const twice = (name: string): string => `${show(name)} is in it twice`;
export const notWhere = (name: string): string => `${show(name)} is not where its directory says`;
export const cutShort = (name: string): string => `${show(name)} is cut short`;
export const changed = (name: string): string => `${show(name)} is not what was packed`;

export const bytesExpected = 'the bytes of a .keras or .h5 file, as a Uint8Array or an ArrayBuffer';
export const weightsExpected = 'the bytes of a .weights.h5 file, or a list with the bytes of all its shards';
export const weightsOwn =
  'none for a file that includes its weights; they are only for an architecture, the text of model.to_json()';
export const noWeights =
  'expected weights with an architecture (JSON). Received: none. Give the bytes of the file from model.save_weights() as `weights`, or save the whole model in Keras: model.save("model.keras"). ' +
  'For the model.json of TensorFlow.js take loadModel of @keepprob/trainer.';
export const notWeights = (begin: string): string =>
  `expected a .weights.h5 file (HDF5) of Keras as \`weights\`. Received: bytes that begin with ${begin}. The .weights.json next to shards is not needed.`;
export const notKeras = (begin: string): string =>
  `expected a .keras file (a zip archive) or a .h5 file (HDF5) of Keras. Received: bytes that begin with ${begin}. ` +
  'For the model.json of TensorFlow.js take loadModel of @keepprob/trainer.';
export const notHdf5 = (reason: string): string =>
  `expected a whole HDF5 file. Received: one that was cut short or changed (${reason}). Copy it again.`;
export const noModelConfig =
  'expected a .h5 file with a whole model. Received: a file with weights alone. Save the model itself in Keras, model.save("model.keras"), or give the text of model.to_json() as the file and this one as `weights`.';
export const notConfig = (where: string, expected: string, received: unknown): string =>
  `the architecture (${where}): expected ${expected}. Received: ${show(received)}.`;
export const unknownClass = (kind: string, where: string, name: string, hint: string): string =>
  `${kind} ${show(name)} (${where}) does not exist in TensorFlow.js, nor in keepprob. ${hint}`;
export const differs = (where: string, className: string, reason: string): string =>
  `layer ${show(where)} (${className}) would compute something else in TensorFlow.js: ${reason}`;
export const otherMask =
  'TensorFlow.js gives it another mask of time steps than Keras does (mask_zero, Masking): it passes a mask on to layers whose inputs have none, and averages over all steps.';
export const notBuilt = (reason: string): string => `TensorFlow.js cannot build the layers of this file: ${reason}`;
export const weightsMissing = (layer: string, path: string): string =>
  `layer ${show(layer)}: the file has no weights at ${show(path)}.`;
export const weightsOther = (layer: string, expected: string, received: string): string =>
  `layer ${show(layer)}: its weights are ${expected}. The file has ${received}.`;
export const moreWeights = (layer: string, wanted: number, there: number): string =>
  `layer ${show(layer)} takes ${wanted} bytes of weights, including the layers before it; the file has only ${there} bytes.`;

export const axisExpected = 'the number of an axis, or a list of axes';
export const meanExpected = 'a finite number, or lists of finite numbers, all of the same length';
export const varianceExpected = 'a finite number ≥ 0, or lists of such numbers, all of the same length';
export const varianceLike = 'a variance for each mean, in lists of the same lengths, or neither of the two';
export const axesOf = (shape: readonly (number | null)[]): string =>
  `distinct axes of the input, [${shape.map(String)}], whose sizes are known`;
export const meanAlong = (sizes: readonly (number | null)[]): string =>
  `one number, or means for the axes of the input that have their own, [${sizes.map(String)}]`;
export const badStatistics = (layer: string, reason: string): string =>
  `layer ${show(layer)}: the file has an invalid mean and variance: ${reason}`;
