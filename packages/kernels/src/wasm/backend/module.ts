/** Our module, compiled once, with one instance per backend instance, on the memory of that backend. */
import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { memoryOf, type WasmBackend } from './backend.ts';
import { type Exports, plain, relaxed } from './binary.ts';
import { JOB_WORDS } from './helper.ts';
import { Pool } from './threads.ts';

/** `relaxed-simd` multiplies and adds in one instruction. */
export type Build = 'relaxed-simd' | 'simd';

const compiled = new Map<string, WebAssembly.Module>();

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), c => c.charCodeAt(0));

/** The best build that this engine can run; undefined if it has no SIMD. */
export function bestBuild(): Build | undefined {
  if (typeof WebAssembly !== 'object') return undefined;
  if (WebAssembly.validate(bytesOf(relaxed))) return 'relaxed-simd';
  return WebAssembly.validate(bytesOf(plain)) ? 'simd' : undefined;
}

/** The module that imports a memory of this kind. A shared memory must be declared shared, with a maximum. */
export function moduleFor(build: Build, shared: boolean): WebAssembly.Module {
  const name = `${build} ${shared}`;
  const known = compiled.get(name);
  if (known) return known;
  const bytes = bytesOf(build === 'simd' ? plain : relaxed);
  const module = new WebAssembly.Module(shared ? declareShared(bytes) : bytes);
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

/** The kinds of job; see assembly/job.ts for the words of each. */
export const kind = { gemm: 0, convolve: 1, filterGradient: 2, convolveTiles: 3, filterGradientTiles: 4 } as const;

export interface Job {
  readonly kind: (typeof kind)[keyof typeof kind];
  readonly words: readonly (number | boolean)[];
  /** Number of multiplications and additions. */
  readonly flops: number;
  readonly resultBytes: number;
  /** Memory that the job needs in addition to scratch (a padded image, or tiles), and its size. */
  readonly room?: number;
  readonly roomBytes?: number;
}

/** Below this number of operations, a job is done before a helper has started. */
const WORTH_SHARING = 4e6;

/** Our functions on the memory of one backend. */
export class Bound {
  readonly backend: WasmBackend;
  readonly run: Exports;
  readonly memory: WebAssembly.Memory;
  readonly #pool: Pool | undefined;
  #scratch = 0;
  #job = 0;
  /** References to data that the running kernel has taken. */
  #taken: TensorInfo[] = [];

  constructor(backend: WasmBackend, build: Build, threads: number) {
    const memory = memoryOf(backend);
    if (!memory) throw new Error('@keepprob/kernels: this WASM backend is not the one of TF.js 4.22.');
    const shared = isShared(memory);
    const module = moduleFor(build, shared);
    this.backend = backend;
    this.memory = memory;
    this.run = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
    if (!shared || threads < 2) return;
    const heap = {
      malloc: (bytes: number) => backend.wasm._malloc(bytes) >>> 0,
      free: (at: number) => backend.wasm._free(at),
    };
    this.#pool = new Pool(threads - 1, module, memory, this.run.scratchBytes(), heap);
    // helpers end with the backend whose memory they use
    const dispose = backend.dispose;
    backend.dispose = () => {
      backend.dispose = dispose;
      this.#pool?.end(true);
      dispose.call(backend);
    };
  }

  /** Number of threads that currently share jobs. */
  get threads(): number {
    return this.#pool?.threads ?? 1;
  }

  /** Resolves when the helpers have started. */
  async started(): Promise<void> {
    await this.#pool?.started();
  }

  /** Runs a job, on several threads if that is faster. */
  do(job: Job): void {
    const { flops, resultBytes, room = 0, roomBytes = 0 } = job;
    const { scratch } = this;
    const pool = this.#pool;
    let chunks = pool && flops >= WORTH_SHARING && pool.willing() ? pool.chunks(resultBytes, roomBytes) : 1;
    if (this.#job === 0) this.#job = this.#allocate(4 * JOB_WORDS);
    const at = this.#job;
    const words = new Int32Array(this.memory.buffer, at, JOB_WORDS);
    const write = (): void => words.set([job.kind, chunks, ...job.words.map(Number)]);
    write();
    // a chunk is at least as large as its smallest unit
    if (chunks > 1 && this.run.chunkBytes(at) > Pool.room) {
      chunks = 1;
      write();
    }
    if (pool && chunks > 1) pool.run(at, chunks, this.run, room, scratch);
    else this.run.runChunk(at, 0, 0, room, scratch);
  }

  /** Address of the first element of a tensor. Offsets above 2 GB are negative as int32, which the module expects. */
  at(tensor: TensorInfo): number {
    const stored = this.backend.dataIdMap.get(tensor.dataId);
    if (!stored)
      throw new Error('@keepprob/kernels: a kernel was given a tensor that this WASM backend does not hold.');
    return stored.memoryOffset;
  }

  /** Runs a kernel, which may run others. If it throws, the references it took are released. */
  attempt<T>(kernel: () => T): T {
    const before = this.#taken;
    this.#taken = [];
    try {
      return kernel();
    } catch (error) {
      for (const { dataId } of this.#taken) this.backend.disposeData(dataId);
      throw error;
    } finally {
      this.#taken = before;
    }
  }

  /** The same data with one more reference. */
  share(tensor: TensorInfo): TensorInfo {
    const { dataId, shape, dtype } = tensor;
    this.backend.incRef(dataId);
    const shared = { dataId, shape, dtype };
    this.#taken.push(shared);
    return shared;
  }

  /** A new tensor to fill. @throws if there is not enough memory, before anything is written. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    const out = this.backend.makeOutput([...shape], dtype);
    if (this.at(out) === 0 && util.sizeFromShape([...shape]) > 0) {
      this.backend.disposeData(out.dataId);
      throw outOfMemory(util.sizeFromShape([...shape]) * 4);
    }
    this.#taken.push(out);
    return out;
  }

  /** Provides this many bytes of working memory while `f` runs. */
  withBytes<T>(bytes: number, f: (at: number) => T): T {
    const at = this.#allocate(Math.max(bytes, 16));
    try {
      return f(at);
    } finally {
      this.backend.wasm._free(at);
    }
  }

  /** Working memory of matrix products, allocated on first use. */
  get scratch(): number {
    if (this.#scratch === 0) this.#scratch = this.#allocate(this.run.scratchBytes());
    return this.#scratch;
  }

  #allocate(bytes: number): number {
    const at = this.backend.wasm._malloc(bytes) >>> 0;
    if (at === 0) throw outOfMemory(bytes);
    return at;
  }

  /** Ends the helpers and frees the memory of this instance. */
  release(): void {
    const alive = this.backend.wasm != null;
    this.#pool?.end(!alive);
    if (alive) for (const at of [this.#scratch, this.#job]) if (at) this.backend.wasm._free(at);
    this.#scratch = 0;
    this.#job = 0;
  }
}

export const isShared = (memory: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;

const outOfMemory = (bytes: number): RangeError =>
  new RangeError(
    `@keepprob/kernels: the WASM heap is full: no room for another ${bytes} bytes. Dispose tensors, or use smaller batches.`,
  );
