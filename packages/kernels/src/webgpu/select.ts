/** For noise that broadcasts, once it is drawn: y = keep ≠ 0 ? x × scale : 0, with the broadcasting of TF.js' own programs. */
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';

const THREADS = 64;

const userCode = (type: string, component: number): string => `
  fn main(i : i32) {
    if (i < uniforms.size) {
      let keep = ${type}(getKeepByOutputCoords(getCoordsFromIndex(i * ${component})));
      result[i] = select(${type}(0.0), x[i] * uniforms.scale, keep != ${type}(0.0));
    }
  }
`;

/** Handles four elements of a row at a time if the row length is a multiple of four. */
export function select(backend: WebGPUBackend, x: TensorInfo, keep: TensorInfo, scale: number): TensorInfo {
  const size = x.shape.reduce((a, b) => a * b, 1);
  const component = (x.shape.at(-1) ?? 1) % 4 === 0 ? 4 : 1;
  const keepComponent = keep.shape.at(-1) === 1 ? 1 : component;
  const program: WebGPUProgram = {
    variableNames: ['x', 'keep'],
    variableComponents: [component, keepComponent],
    outputShape: x.shape,
    outputComponent: component,
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: x.shape.map((_, i) => i) },
    dispatch: [Math.ceil(size / (component * THREADS)), 1, 1],
    uniforms: 'scale : f32, ',
    size: true,
    shaderKey: `keepprobDropout_select_${component}_${keepComponent}`,
    getUserCode: () => userCode(component === 4 ? 'vec4<f32>' : 'f32', component),
  };
  return backend.runWebGPUProgram(program, [x, keep], 'float32', [{ type: 'float32', data: [scale] }]);
}
