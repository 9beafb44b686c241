import { OptionError } from '@keepprob/core';
import { register as registerDropout } from '@keepprob/dropout';
import { register as registerL2 } from '@keepprob/l2';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { archiveIn } from './archive.ts';
import { built } from './build.ts';
import { type Hdf5, withHdf5 } from './hdf5.ts';
import { MOST_BYTES, MOST_JSON } from './limits.ts';
import { type ModelConfig, modelIn } from './model.ts';
import type { Version } from './values.ts';
import { fillByClass, fillByName } from './weights.ts';

/**
 * A model of Keras, from the bytes of a `.keras` file (Keras 3, and Keras 2 from 2.12 on) or of a `.h5` file (Keras 2), in Node and in a page. Dropout, noise, L1, L2 and
 * constraints come along; layers that TensorFlow.js does not have and keepprob has, such as a GRU with `reset_after` or `SpatialDropout2D`, are ours. What the model was
 * compiled with does not come along. The model is yours to dispose.
 *
 * Nothing in the file is believed: sizes, checksums, shapes and the order of calls are checked, nothing is run, and what fails leaves nothing behind.
 * @param file the bytes of the file
 * @example
 * const model = await loadKeras(file); // in Node `await readFile('model.keras')`, in a page `await response.arrayBuffer()`
 * model.predict(tf.zeros([1, 4])).shape; // [1, 3]
 * @throws ConvertError: `unknownClass` for a layer, an activation, a regularizer or a constraint that TensorFlow.js does not have or computes otherwise, with the place where it stands and
 * the nearest that there is; `foreign`, `damaged` or `tooLarge` for what is not a whole file of Keras. OptionError for what is not bytes
 */
export async function loadKeras(file: Uint8Array | ArrayBuffer): Promise<LayersModel> {
  const bytes = bytesOf(file);
  if (bytes.length > MOST_BYTES)
    throw new ConvertError('tooLarge', messages.tooLarge('the file', bytes.length, MOST_BYTES));
  registerDropout();
  registerL2();
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

/** Float16 in the file is float32 here. */
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

async function fromHdf5(bytes: Uint8Array, file: Hdf5): Promise<LayersModel> {
  const text = file.text('', 'model_config');
  if (text === undefined) throw new ConvertError('foreign', messages.noModelConfig);
  const version: Version = file.text('', 'keras_version')?.startsWith('3') ? 3 : 2;
  const config: ModelConfig = modelIn(parsed(text), version);
  const model = await built(config.topology, roomIn(bytes));
  return filled(model, async () => fillByName(model, config.parts, file));
}

/** A model whose weights do not come is not kept. */
async function filled(model: LayersModel, fill: () => Promise<void>): Promise<LayersModel> {
  try {
    await fill();
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
