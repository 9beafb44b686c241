/**
 * The drawing pass: a texture of bytes, each with the bits of the eight elements of one Philox block, 1 for elements that are kept.
 *
 * A texel holds four bytes, and rows of texels are 1,024 long, or shorter if the first row holds all, so that a byte is found by a shift:
 *
 *     byte q:   texel (q >>> 2) & 1023, (q >>> 2) >>> 10      channel q & 3
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { streamOf } from '../gpu/philox.ts';
import { philox } from './philox.ts';

const ROW = 1024;

const userCode = `
  ${philox}

  void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    uint first = uint(block) + 4u * uint(texel.y * ${ROW} + texel.x);
    uint t = uint(threshold);
    vec4 bytes;
    for (int q = 0; q < 4; q++) {
      uvec4 words = philox(first + uint(q));
      // the sign of u − T
      uvec4 dropped = (((words & 0xffffu) - t) >> 31u) << uvec4(0, 2, 4, 6);
      dropped |= (((words >> 16u) - t) >> 31u) << uvec4(1, 3, 5, 7);
      bytes[q] = float(255u - (dropped.x | dropped.y | dropped.z | dropped.w));
    }
    setOutput(bytes);
  }
`;

/**
 * `int bitsFrom(int at)` for a program whose variable `bits` holds the bytes: the lowest bit is that of the element, the next ones
 * are those of its right neighbors in the block. `at` counts from the first element of the first block.
 */
export const bitsFrom = `
  int bitsFrom(int at) {
    int texel = at >> 5;
    vec4 bytes = texelFetch(bits, ivec2(texel & ${ROW - 1}, texel >> ${Math.log2(ROW)}), 0);
    vec2 two = (at & 16) == 0 ? bytes.xy : bytes.zw;
    return int((at & 8) == 0 ? two.x : two.y) >> (at & 7);
  }
`;

/** The bytes of the blocks that contain `size` elements. */
export function drawBits(backend: MathBackendWebGL, attrs: DropoutKernelAttrs, size: number): TensorInfo {
  const { head, key, block, lane } = streamOf(attrs);
  const texels = Math.ceil((lane + size) / 32);
  const program: GPGPUProgram = {
    variableNames: [],
    // two rows and two columns per texel, as TF.js packs; at least two texels high, since TF.js may fold smaller textures
    outputShape: [2 * Math.max(2, Math.ceil(texels / ROW)), 2 * Math.min(texels, ROW)],
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: [
      { name: 'head', type: 'ivec4' },
      { name: 'key', type: 'ivec2' },
      { name: 'block', type: 'int' },
      { name: 'threshold', type: 'int' },
    ],
    userCode,
  };
  // signed integers with the same bits, which uint() in the shader converts back
  const values = [head, key, [block], [attrs.threshold]].map(words => words.map(word => word | 0));
  return backend.runWebGLProgram(program, [], 'float32', values, true);
}
