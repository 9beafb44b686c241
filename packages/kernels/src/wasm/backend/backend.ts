/** The parts of TF.js' WASM backend that our kernels use. A marked seam: read in tfjs-backend-wasm 4.22. */
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** The location of a tensor. `id` is its number in the registry on the C++ side, by which XNNPACK caches packed weights. */
interface Stored {
  id: number;
  readonly memoryOffset: number;
  readonly shape: number[];
  readonly dtype: DataType;
  refCount: number;
}

export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    readonly wasmMemory?: WebAssembly.Memory;
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(at: number): void;
    readonly tfjs: { registerTensor(id: number, size: number, at: number): void; disposeData(id: number): void };
  };
  readonly dataIdMap: { get(dataId: object): Stored | undefined };
  dataIdNextNumber: number;
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
}

export const isWasmBackend = (backend: KernelBackend | undefined): backend is WasmBackend =>
  memoryOf(backend) !== undefined;

/** The memory of the backend's tensors; undefined if the backend does not have the expected form. */
export function memoryOf(backend: Partial<WasmBackend> | null | undefined): WebAssembly.Memory | undefined {
  const wasm = backend?.wasm;
  const known =
    typeof wasm?._malloc === 'function' &&
    typeof wasm._free === 'function' &&
    typeof wasm.tfjs?.registerTensor === 'function' &&
    typeof wasm.tfjs.disposeData === 'function' &&
    typeof backend?.dataIdMap?.get === 'function' &&
    typeof backend.makeOutput === 'function' &&
    typeof backend.dataIdNextNumber === 'number';
  if (!known) return undefined;
  return [wasm.asm?.memory, wasm.wasmMemory].find(m => m instanceof WebAssembly.Memory);
}
