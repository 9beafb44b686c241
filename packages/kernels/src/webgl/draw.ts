/**
 * y = keep ? x × scale : 0, a select, so that a dropped NaN is 0; with the bits that the pass before has drawn.
 *
 * x and y are packed, as TF.js packs matrices [rows, cols] that lie one after the other: a texel holds a square of one of them,
 *
 *     r = [i, j]   g = [i, j + 1]   b = [i + 1, j]   a = [i + 1, j + 1]       i and j even
 *
 * and squares go from texel to texel in row-major order, whatever the width of the texture. TF.js packs an x that is not.
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bitsFrom, drawBits } from './bits.ts';

/** What is kept or dropped. A division of integers is slow; a texture as wide as the other needs none. */
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

/** Rows, columns and lane are even: squares are whole, and neighbours in a row share a byte. */
const even = `
    int at = lane + 2 * (square.y * rowsCols.y + square.x);
    int above = bitsFrom(at);
    int below = bitsFrom(at + rowsCols.y);
    setOutput(vec4((above & 1) == 1 ? values.r : 0., (above & 2) == 2 ? values.g : 0.,
                   (below & 1) == 1 ? values.b : 0., (below & 2) == 2 ? values.a : 0.));
  }
`;

/** A matrix of odd rows ends in the middle of its last squares: those below are one row nearer than their number says. */
const general = `
    int matrix = (rowsCols.x & 1) == 0 ? 0 : square.y / squares.y;
    int at = lane + (2 * square.y - matrix) * rowsCols.y + 2 * square.x;
    ivec4 kept = ivec4(bitsFrom(at), bitsFrom(at + 1), bitsFrom(at + rowsCols.y), bitsFrom(at + rowsCols.y + 1)) & 1;
    setOutput(vec4(kept.r == 1 ? values.r : 0., kept.g == 1 ? values.g : 0.,
                   kept.b == 1 ? values.b : 0., kept.a == 1 ? values.a : 0.));
  }
`;

/** As matrices one after the other: rank ≤ 3, for which TF.js has shapes as uniforms; the texture of either shape is that of the other. */
const asMatrices = (shape: readonly number[]): number[] =>
  shape.length <= 3 ? [...shape] : [shape.slice(0, -2).reduce((a, b) => a * b, 1), ...shape.slice(-2)];

/**
 * What is compiled depends on the rank and on what is even, never on the key.
 * @param x float32 of the shape of the noise; 1 everywhere if left out
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
