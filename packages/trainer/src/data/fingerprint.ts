/** Short fingerprints of arrays, by which a resumed run checks that its data are unchanged. */
import type { Json, Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { crc32c } from '../checkpoint/crc32c.ts';

/** The most numbers that are read from an array; larger arrays are sampled at evenly spaced rows. Slices would copy the whole array on stock wasm. */
const MOST = 2 ** 21;

/** `[60000,784] float32, CRC-32C 1c291ca3` for each array. By position: TF.js' automatic names are numbered per process. */
export const fingerprints = (tensors: Tensors = {}): Promise<Json> =>
  Promise.all(Object.values(tensors).map(fingerprint));

async function fingerprint(tensor: tf.Tensor): Promise<string> {
  const shape = `[${tensor.shape}] ${tensor.dtype}`;
  if (tensor.dtype === 'string') return shape;
  const sample = tf.tidy(() => sampled(tensor));
  try {
    const { buffer, byteOffset, byteLength } = await sample.data();
    const crc = crc32c(new Uint8Array(buffer, byteOffset, byteLength));
    return `${shape}, CRC-32C ${crc.toString(16).padStart(8, '0')}`;
  } finally {
    sample.dispose();
  }
}

function sampled(tensor: tf.Tensor): tf.Tensor {
  if (tensor.size <= MOST) return tf.clone(tensor);
  const rows = tensor.shape[0] ?? 1;
  const count = Math.max(1, Math.floor(MOST / (tensor.size / rows)));
  // including the last row
  const index = Int32Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) / count) * rows) - 1);
  return tf.gather(tensor, tf.tensor1d(index, 'int32'));
}
