import { OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import { register as registerDropout } from '@keepprob/dropout';
import { register as registerL2 } from '@keepprob/l2';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import { register } from '../layers/normalization.ts';
import * as messages from '../messages.ts';
import { maskedOtherwise } from '../network/masks.ts';
import { archiveIn } from './archive.ts';
import { built } from './build.ts';
import { type Hdf5, withHdf5, withParts } from './hdf5.ts';
import { MOST_BYTES, MOST_JSON } from './limits.ts';
import { type ModelConfig, modelIn } from './model.ts';
import type { Version } from './values.ts';
import { fillByClass, fillByName, isByName } from './weights.ts';

/** The bytes of a file. */
type Bytes = Uint8Array | ArrayBuffer;

/** Options of `loadKeras`. */
export interface LoadKerasOptions {
  /**
   * The bytes of the weights from `model.save_weights()`, a `.weights.h5` file or a list of all its shards, if the file is only an architecture, the text of
   * `model.to_json()`. Null by default, for a file that includes its weights.
   */
  readonly weights?: Bytes | readonly Bytes[] | null;
}

const isBytes = (value: unknown): boolean => value instanceof Uint8Array || value instanceof ArrayBuffer;

const specs: OptionSpecs<LoadKerasOptions> = {
  weights: option.orNull(
    option.custom<Bytes | readonly Bytes[]>(
      messages.weightsExpected,
      value => isBytes(value) || (Array.isArray(value) && value.length > 0 && value.every(isBytes)),
    ),
  ),
};

/**
 * Loads a Keras model from the bytes of a `.keras` file (Keras 3, and Keras 2 from 2.12 on) or of a `.h5` file (Keras 2), in Node and in a page. Dropout,
 * noise, L1, L2 and constraints are kept; layers that TensorFlow.js does not have but keepprob has, such as a GRU with `reset_after`, `SpatialDropout2D` or
 * `Normalization`, become layers of keepprob. The arguments of `compile` are not kept. Dispose the model yourself.
 *
 * For a model that was saved in parts, `file` is the text of `model.to_json()`, and `weights` is the output of `model.save_weights()`: one `.weights.h5` file or
 * all of its shards.
 *
 * The file is not trusted: sizes, checksums, shapes and the order of calls are checked, no code is run, and a failed load leaves nothing behind.
 * @param file the bytes of the file
 * @example
 * const model = await loadKeras(file); // in Node `await readFile('model.keras')`, in a page `await response.arrayBuffer()`
 * model.predict(tf.zeros([1, 4])).shape; // [1, 3]
 * @throws ConvertError: `unknownClass` for a layer, an activation, a regularizer or a constraint that TensorFlow.js does not have or computes differently, with
 * its place in the model and the nearest alternative; `foreign`, `damaged` or `tooLarge` if it is not a whole file of Keras. OptionError if `file` is not
 * bytes, and for `weights` with a file that includes its own
 */
export async function loadKeras(file: Uint8Array | ArrayBuffer, options: LoadKerasOptions = {}): Promise<LayersModel> {
  const bytes = bytesOf(file);
  if (bytes.length > MOST_BYTES)
    throw new ConvertError('tooLarge', messages.tooLarge('the file', bytes.length, MOST_BYTES));
  const { weights } = checkOptions<LoadKerasOptions>('loadKeras', specs, options);
  registerDropout();
  registerL2();
  register();
  if (begins(bytes, '{')) return fromJson(bytes, weights);
  if (weights) throw OptionError.of('loadKeras', 'weights', messages.weightsOwn, 'weights');
  if (begins(bytes, 'PK\x03\x04')) return fromArchive(bytes);
  if (begins(bytes, '\x89HDF')) return withHdf5(bytes, open => fromHdf5(bytes, open));
  throw new ConvertError('foreign', messages.notKeras(firstOf(bytes)));
}

function bytesOf(file: unknown): Uint8Array {
  if (file instanceof Uint8Array) return file;
  if (file instanceof ArrayBuffer) return new Uint8Array(file);
  throw OptionError.of('loadKeras', 'file', messages.bytesExpected, file);
}

const begins = (bytes: Uint8Array, text: string): boolean => [...text].every((c, i) => bytes[i] === c.charCodeAt(0));

const firstOf = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, 8)].map(byte => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing';

async function fromArchive(bytes: Uint8Array): Promise<LayersModel> {
  const archive = archiveIn(bytes);
  const text = new TextDecoder().decode(archive.read('config.json', MOST_JSON));
  const version = archive.names.includes('metadata.json')
    ? versionIn(new TextDecoder().decode(archive.read('metadata.json', MOST_JSON)))
    : 3;
  const config = modelIn(parsed(text), version);
  const weights = archive.read('model.weights.h5', MOST_BYTES);
  const model = await built(config.topology, roomIn(weights));
  return filled(model, () => withHdf5(weights, file => fillByClass(model, config.parts, file)));
}

/** Twice the size of the file, since float16 in the file becomes float32. */
const roomIn = (weights: Uint8Array): number => weights.length * 2;

/** Keras writes its version as "3.10.0". */
function versionIn(text: string): Version {
  return /"keras_version":\s*"2\./.test(text) ? 2 : 3;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConvertError('damaged', messages.notConfig('config.json', 'JSON', 'other text'), { cause });
  }
}

/** Loads an architecture without weights, and the weights from other files. */
async function fromJson(bytes: Uint8Array, given: Bytes | readonly Bytes[] | null): Promise<LayersModel> {
  if (!given) throw new ConvertError('foreign', messages.noWeights);
  const parts = (Array.isArray(given) ? given : [given]).map(bytesOf);
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (bytes.length > MOST_JSON)
    throw new ConvertError('tooLarge', messages.tooLarge('the architecture', bytes.length, MOST_JSON));
  if (size > MOST_BYTES) throw new ConvertError('tooLarge', messages.tooLarge('weights', size, MOST_BYTES));
  for (const part of parts)
    if (!begins(part, '\x89HDF')) throw new ConvertError('foreign', messages.notWeights(firstOf(part)));
  const text = new TextDecoder().decode(bytes);
  const config = modelIn(parsed(text), versionIn(text));
  const model = await built(config.topology, size * 2);
  return filled(model, () =>
    withParts(parts, file => {
      if (isByName(file)) fillByName(model, config.parts, file);
      else fillByClass(model, config.parts, file);
    }),
  );
}

async function fromHdf5(bytes: Uint8Array, file: Hdf5): Promise<LayersModel> {
  const text = file.text('', 'model_config');
  if (text === undefined) throw new ConvertError('foreign', messages.noModelConfig);
  const version: Version = file.text('', 'keras_version')?.startsWith('3') ? 3 : 2;
  const config: ModelConfig = modelIn(parsed(text), version);
  const model = await built(config.topology, roomIn(bytes));
  return filled(model, async () => fillByName(model, config.parts, file));
}

/** Fills the weights. A model whose weights cannot be loaded, or that would predict something else, is disposed. */
async function filled(model: LayersModel, fill: () => Promise<void>): Promise<LayersModel> {
  try {
    checkMasks(model);
    await fill();
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** @throws ConvertError for a layer to which TensorFlow.js passes another mask of time steps than Keras does */
function checkMasks(model: LayersModel): void {
  const other = maskedOtherwise(model);
  if (!other) return;
  const className = other.getClassName();
  const message = messages.differs(other.name, className, messages.otherMask);
  throw new ConvertError('unknownClass', message, { layer: other.name, className });
}
