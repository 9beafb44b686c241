/** For noise that broadcasts, once it is drawn: y = keep ≠ 0 ? x × scale : 0, with the broadcasting of TF.js' own packed programs. */
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { env, type TensorInfo } from '@tensorflow/tfjs-core';

const userCode = `
  void main() {
    vec4 keep = getKeepAtOutCoords();
    vec4 values = getXAtOutCoords();
    setOutput(vec4(keep.r != 0. ? values.r * scale : 0., keep.g != 0. ? values.g * scale : 0.,
                   keep.b != 0. ? values.b * scale : 0., keep.a != 0. ? values.a * scale : 0.));
  }
`;

export function select(backend: MathBackendWebGL, x: TensorInfo, keep: TensorInfo, scale: number): TensorInfo {
  const program: GPGPUProgram = {
    variableNames: ['X', 'Keep'],
    outputShape: x.shape,
    packedInputs: true,
    packedOutput: true,
    // as in TF.js: one program per shape by default, and uniforms only up to rank 4
    enableShapeUniforms: env().getBool('WEBGL_USE_SHAPES_UNIFORMS') && x.shape.length <= 4,
    customUniforms: [{ name: 'scale', type: 'float' }],
    userCode,
  };
  return backend.runWebGLProgram(program, [x, keep], 'float32', [[scale]]);
}
