/**
 * The drawing pass: y = keep ? x × scale : 0. It selects, so that a dropped NaN becomes 0.
 *
 * A thread handles the eight elements of one Philox block, those with e >>> 3 = block + thread; the first and the last thread may
 * have fewer. If all its elements come in fours, it moves them in fours.
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { streamOf } from '../gpu/philox.ts';
import { philox } from './philox.ts';

const uniforms = 'head : vec4<u32>, key : vec2<u32>, block : u32, lane : u32, threshold : u32, scale : f32, ';

const THREADS = 64;

/** `size` of the uniforms counts the entries of the buffer: elements, or groups of four. */
const byOnes = (x: string): string => `
  fn put(e : i32, bits : u32) {
    if (e >= 0 && e < uniforms.size) { result[e] = select(0.0, ${x} * uniforms.scale, bits >= uniforms.threshold); }
  }

  fn main(thread : i32) {
    let e = thread * 8 - i32(uniforms.lane);
    if (e >= uniforms.size) { return; }
    let words = philox(uniforms.block + u32(thread));
    put(e, words.x & 0xffffu);
    put(e + 1, words.x >> 16u);
    put(e + 2, words.y & 0xffffu);
    put(e + 3, words.y >> 16u);
    put(e + 4, words.z & 0xffffu);
    put(e + 5, words.z >> 16u);
    put(e + 6, words.w & 0xffffu);
    put(e + 7, words.w >> 16u);
  }
`;

const byFours = (x: string): string => `
  fn put(e : i32, words : vec2<u32>) {
    if (e >= 0 && e < uniforms.size) {
      let bits = vec4<u32>(words.x & 0xffffu, words.x >> 16u, words.y & 0xffffu, words.y >> 16u);
      result[e] = select(vec4<f32>(0.0), ${x} * uniforms.scale, bits >= vec4<u32>(uniforms.threshold));
    }
  }

  fn main(thread : i32) {
    let e = thread * 2 - i32(uniforms.lane >> 2u);
    if (e >= uniforms.size) { return; }
    let words = philox(uniforms.block + u32(thread));
    put(e, words.xy);
    put(e + 1, words.zw);
  }
`;

/** @param x float32 in the shape of the noise; 1 everywhere if left out */
export function draw(backend: WebGPUBackend, attrs: DropoutKernelAttrs, x?: TensorInfo): TensorInfo {
  const shape = [...(x?.shape ?? attrs.noiseShape)];
  const size = shape.reduce((a, b) => a * b, 1);
  const { head, key, block, lane } = streamOf(attrs);
  const component = size % 4 === 0 && lane % 4 === 0 ? 4 : 1;
  const one = component === 4 ? 'vec4<f32>(1.0)' : '1.0';
  const value = x ? 'x[e]' : one;
  const program: WebGPUProgram = {
    variableNames: x ? ['x'] : [],
    // a buffer has no shape; as one row, all ranks share a pipeline
    outputShape: [size],
    outputComponent: component,
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil((lane + size) / (8 * THREADS)), 1, 1],
    uniforms,
    size: true,
    shaderKey: `keepprobDropout_philox4x32-7_16bits_${component}_${value}`,
    getUserCode: () => philox + (component === 4 ? byFours(value) : byOnes(value)),
  };
  const y = backend.runWebGPUProgram(program, x ? [{ ...x, shape: [size] }] : [], 'float32', [
    { type: 'uint32', data: [...head] },
    { type: 'uint32', data: [...key] },
    { type: 'uint32', data: [block] },
    { type: 'uint32', data: [lane] },
    { type: 'uint32', data: [attrs.threshold] },
    { type: 'float32', data: [attrs.scale] },
  ]);
  return { ...y, shape };
}
