/** Our module, compiled once, and an instance of it for each backend instance, on that backend's memory. */
import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { memoryOf, type WasmBackend } from './backend.ts';
import { type Exports, plain, relaxed } from './binary.ts';

/** `relaxed-simd`: multiply and add in one instruction. */
export type Build = 'relaxed-simd' | 'simd';

const compiled = new Map<string, WebAssembly.Module>();

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), c => c.charCodeAt(0));

/** The best build that this engine can run; undefined where it has no SIMD. */
export function bestBuild(): Build | undefined {
  if (typeof WebAssembly !== 'object') return undefined;
  if (WebAssembly.validate(bytesOf(relaxed))) return 'relaxed-simd';
  return WebAssembly.validate(bytesOf(plain)) ? 'simd' : undefined;
}

/** The module that imports a memory of this kind. A shared memory must be declared shared, with a maximum. */
export function moduleFor(build: Build, shared: boolean): WebAssembly.Module {
  const name = `${build} ${shared}`;
  const bytes = bytesOf(build === 'simd' ? plain : relaxed);
  const module = compiled.get(name) ?? new WebAssembly.Module(shared ? declareShared(bytes) : bytes);
  compiled.set(name, module);
  return module;
}

/** The module with its one import, `env.memory` (minimum 1), declared shared with the maximum of 65,536 pages. */
export function declareShared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79];
  // import section: id, length, count 1, "env", "memory", kind memory, limits
  const unshared = [2, 3 + name.length + 1, 1, ...name, 2, 0, 1];
  const shared = [2, 3 + name.length + 4, 1, ...name, 2, 3, 1, 0x80, 0x80, 4];
  for (let at = 8; at + unshared.length <= bytes.length; at++) {
    if (unshared.every((byte, i) => bytes[at + i] === byte)) {
      return Uint8Array.from([...bytes.subarray(0, at), ...shared, ...bytes.subarray(at + unshared.length)]);
    }
  }
  throw new Error('@keepprob/kernels: the module does not import env.memory as expected.');
}

/** Our functions on one backend's memory. */
export class Bound {
  readonly backend: WasmBackend;
  readonly run: Exports;
  readonly memory: WebAssembly.Memory;
  #scratch = 0;

  constructor(backend: WasmBackend, build: Build) {
    const memory = memoryOf(backend);
    if (!memory) throw new Error('@keepprob/kernels: this WASM backend is not the one of TF.js 4.22.');
    const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
    const instance = new WebAssembly.Instance(moduleFor(build, shared), { env: { memory } });
    this.backend = backend;
    this.memory = memory;
    this.run = instance.exports as unknown as Exports;
  }

  /** Address of a tensor's first element; offsets above 2 GB are negative as int32, which is what the module takes. */
  at(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId)!.memoryOffset;
  }

  /** A tensor to be filled. @throws where memory is out, before anything is written. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    const out = this.backend.makeOutput([...shape], dtype);
    if (this.at(out) === 0 && util.sizeFromShape([...shape]) > 0) {
      this.backend.disposeData(out.dataId);
      throw outOfMemory(util.sizeFromShape([...shape]) * 4);
    }
    return out;
  }

  /** Working memory of this many bytes while `f` runs. */
  withBytes<T>(bytes: number, f: (at: number) => T): T {
    const at = this.backend.wasm._malloc(Math.max(bytes, 16)) >>> 0;
    if (at === 0) throw outOfMemory(bytes);
    try {
      return f(at);
    } finally {
      this.backend.wasm._free(at);
    }
  }

  /** Working memory of the matrix product, allocated at the first one. */
  get scratch(): number {
    if (this.#scratch === 0) {
      const bytes = this.run.scratchBytes();
      this.#scratch = this.backend.wasm._malloc(bytes) >>> 0;
      if (this.#scratch === 0) throw outOfMemory(bytes);
    }
    return this.#scratch;
  }

  /** Gives back what this instance holds. */
  release(): void {
    if (this.#scratch && this.backend.wasm) this.backend.wasm._free(this.#scratch);
    this.#scratch = 0;
  }
}

const outOfMemory = (bytes: number): RangeError =>
  new RangeError(
    `@keepprob/kernels: the WASM heap has no room for ${bytes} bytes more. Dispose tensors, or use smaller batches.`,
  );
