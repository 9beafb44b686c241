/**
 * y = keep ? x × scale : 0, with the bits of the previous pass. It selects, so that a dropped NaN becomes 0.
 *
 * x and y are packed, as TF.js packs consecutive matrices [rows, cols]: a texel holds a square of one of them,
 *
 *     r = [i, j]   g = [i, j + 1]   b = [i + 1, j]   a = [i + 1, j + 1]       i and j even
 *
 * and squares go from texel to texel in row-major order, whatever the width of the texture. TF.js packs x if it is not packed.
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bitsFrom, drawBits } from './bits.ts';

/** The values that are kept or dropped. An integer division is slow; it is not needed for a texture as wide as the output. */
const sources = {
  ones: 'vec4(1.)',
  x: 'texelFetch(x, textureSize(x, 0).x == size.x ? texel : texelAt(index, textureSize(x, 0).x), 0)',
};

const shared = (source: keyof typeof sources): string => `
  ${bitsFrom}

  ivec2 texelAt(int index, int width) {
    int row = index / width;
    return ivec2(index - row * width, row);
  }

  void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    ivec2 size = (outTexShape.yx + 1) / 2;
    int index = texel.y * size.x + texel.x;
    ivec2 squares = (rowsCols.yx + 1) / 2;
    ivec2 square = size.x == squares.x ? texel : texelAt(index, squares.x);
    vec4 values = ${sources[source]} * scale;
`;

/** For even rows, columns and lane: squares are complete, and neighbors in a row share a byte. */
const even = `
    int at = lane + 2 * (square.y * rowsCols.y + square.x);
    int above = bitsFrom(at);
    int below = bitsFrom(at + rowsCols.y);
    setOutput(vec4((above & 1) == 1 ? values.r : 0., (above & 2) == 2 ? values.g : 0.,
                   (below & 1) == 1 ? values.b : 0., (below & 2) == 2 ? values.a : 0.));
  }
`;

/** The general case. A matrix with an odd number of rows ends in the middle of its last squares, so everything after it is one row closer than its index says. */
const general = `
    int matrix = (rowsCols.x & 1) == 0 ? 0 : square.y / squares.y;
    int at = lane + (2 * square.y - matrix) * rowsCols.y + 2 * square.x;
    ivec4 kept = ivec4(bitsFrom(at), bitsFrom(at + 1), bitsFrom(at + rowsCols.y), bitsFrom(at + rowsCols.y + 1)) & 1;
    setOutput(vec4(kept.r == 1 ? values.r : 0., kept.g == 1 ? values.g : 0.,
                   kept.b == 1 ? values.b : 0., kept.a == 1 ? values.a : 0.));
  }
`;

/** The shape as consecutive matrices of rank ≤ 3, for which TF.js has shapes as uniforms. The texture is the same for both shapes. */
const asMatrices = (shape: readonly number[]): number[] =>
  shape.length <= 3 ? [...shape] : [shape.slice(0, -2).reduce((a, b) => a * b, 1), ...shape.slice(-2)];

/**
 * The compiled program depends on the rank and on which sizes are even, never on the key.
 * @param x float32 in the shape of the noise; 1 everywhere if left out
 */
export function draw(backend: MathBackendWebGL, attrs: DropoutKernelAttrs, x?: TensorInfo): TensorInfo {
  const shape = [...(x?.shape ?? attrs.noiseShape)];
  const matrices = asMatrices(shape);
  const lane = attrs.first % 8;
  const [rows, cols] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const isEven = [lane, rows, cols].every(n => n % 2 === 0);
  const size = shape.reduce((a, b) => a * b, 1);
  const bits = drawBits(backend, attrs, size);
  const program: GPGPUProgram = {
    variableNames: x ? ['bits', 'x'] : ['bits'],
    outputShape: matrices,
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: [
      { name: 'lane', type: 'int' },
      { name: 'scale', type: 'float' },
      { name: 'rowsCols', type: 'ivec2' },
    ],
    userCode: shared(x ? 'x' : 'ones') + (isEven ? even : general),
  };
  const y = backend.runWebGLProgram(program, x ? [bits, { ...x, shape: matrices }] : [bits], 'float32', [
    [lane],
    [attrs.scale],
    [rows, cols],
  ]);
  backend.disposeData(bits.dataId);
  return { ...y, shape };
}
