/** Registers our kernels in front of the stock ones, and unregisters them. */
import * as tf from '@tensorflow/tfjs-core';
import { standIn } from '../gradients/layerClasses.ts';
import type { WasmBackend } from './backend/backend.ts';
import { memoryOf } from './backend/backend.ts';
import { Bound, type Build } from './backend/module.ts';
import type { AnyKernel } from './kernels/kernel.ts';
import { kernels } from './kernels.ts';
import { compile, lossNames } from './losses/compile.ts';
import { rnnCall } from './recurrent/layer.ts';

const BACKEND = 'wasm';

/** One installation: the replaced kernels, and our module bound to each backend instance. */
export class Installation {
  readonly #build: Build;
  readonly #threads: number;
  readonly #bound = new Map<WasmBackend, Bound>();
  readonly #stock = new Map<string, tf.KernelConfig | undefined>();
  /** Functions that uninstall `rnnCall` and `compile`. */
  #layers = new Map<string, () => void>();

  constructor(build: Build, threads: number) {
    this.#build = build;
    this.#threads = threads;
    for (const [name, kernel] of Object.entries(kernels)) this.#register(name, kernel);
  }

  get kernels(): readonly string[] {
    return [...this.#stock.keys()];
  }

  /** Replaces the methods in which recurrent layers call their cells and models look up losses, once tfjs-layers is loaded. @returns the names of what is now one operation */
  standIn(): readonly string[] {
    if (this.#layers.size === 0) {
      this.#layers = standIn([
        ['RNN', 'call', rnnCall],
        ['Model', 'compile', compile],
      ]);
    }
    return this.#layers.size > 0 ? ['LSTM', 'GRU', 'SimpleRNN', ...lossNames] : [];
  }

  #register(kernelName: string, kernel: AnyKernel): void {
    const stock: tf.KernelConfig | undefined = tf.getKernel(kernelName, BACKEND);
    this.#stock.set(kernelName, stock);
    if (stock) tf.unregisterKernel(kernelName, BACKEND);
    tf.registerKernel({
      ...stock,
      kernelName,
      backendName: BACKEND,
      kernelFunc: params => {
        const { inputs, attrs, backend } = params;
        const bound = this.#bind(backend as WasmBackend);
        const ours = bound.attempt(() => kernel(bound, inputs, attrs ?? {}));
        if (ours) return ours;
        // the message of TF.js for a kernel that a backend does not have
        if (!stock) throw new Error(`Kernel '${kernelName}' not registered for backend '${BACKEND}'`);
        return stock.kernelFunc(params);
      },
    });
  }

  /** Binds a backend that is already running, and waits for its helpers. @returns the number of its threads */
  async prepare(backend: WasmBackend): Promise<number> {
    const bound = this.#bind(backend);
    await bound.started();
    return bound.threads;
  }

  /** Our module on the memory of this backend. A backend that was disposed and built again counts as a new one. */
  #bind(backend: WasmBackend): Bound {
    const known = this.#bound.get(backend);
    if (known) return known;
    for (const old of this.#bound.keys()) if (!memoryOf(old)) this.#bound.delete(old);
    const bound = new Bound(backend, this.#build, this.#threads);
    this.#bound.set(backend, bound);
    return bound;
  }

  remove(): void {
    for (const takeOut of this.#layers.values()) takeOut();
    this.#layers.clear();
    for (const [name, stock] of this.#stock) {
      tf.unregisterKernel(name, BACKEND);
      if (stock) tf.registerKernel(stock);
    }
    for (const bound of this.#bound.values()) bound.release();
    this.#bound.clear();
  }
}
