/**
 * Runs one job on several threads. The main thread takes chunks like any helper. When none are left, it waits a limited time for those that helpers still
 * hold, because a helper whose core is busy with something else may be delayed by milliseconds. Then it takes the chunk back, computes it itself, and
 * does not use the helpers for some jobs.
 */
import type { Exports } from './binary.ts';
import { CHUNKS_AT_MOST, type HelperData, helperSource, JOB_WORDS, state, word } from './helper.ts';

/** Memory for a chunk in addition to scratch, and for its result. */
const ROOM_BYTES = 1 << 20;
const BUFFER_BYTES = 2 << 20;
/** How long to wait for a helper at the end: as a fraction of the time that the job has taken so far, and the minimum in milliseconds. */
const PATIENCE = 0.2;
const LEAST_PATIENCE = 0.3;
/** Number of jobs without helpers after a chunk had to be taken back: the first time, the factor if it happens again soon, and the maximum. */
const SHORTEST_PAUSE = 16;
const PAUSE_GROWTH = 2;
const LONGEST_PAUSE = 1024;
/** Number of jobs without a delay after which an earlier delay is forgotten. */
const FORGIVEN_AFTER = 64;

interface Thread {
  terminate(): unknown;
}

/** Starts the helper's program on a thread; undefined if that is forbidden or not supported. */
function startThread(data: HelperData): Thread | undefined {
  try {
    const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
    if (node) {
      const program = `${helperSource}\nstart(process.getBuiltinModule('node:worker_threads').workerData);`;
      // flags of this process, such as --input-type, are not for the helper
      const worker = new node.Worker(program, { eval: true, workerData: data, execArgv: [] });
      // a helper that fails takes no more chunks; the one it had is taken back
      worker.on('error', () => undefined);
      worker.unref();
      return worker;
    }
    const program = `${helperSource}\nonmessage = event => start(event.data);`;
    const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onerror = event => event.preventDefault();
    worker.postMessage(data);
    return {
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  } catch {
    return undefined;
  }
}

export class Pool {
  /** Bytes of the largest result of a chunk. */
  static readonly room = BUFFER_BYTES;
  /** The words of `helper.ts`, shared by the main thread and the helpers. */
  readonly control = new Int32Array(new SharedArrayBuffer(4 * (word.states + CHUNKS_AT_MOST)));
  readonly #threads: Thread[] = [];
  readonly #addresses: number[] = [];
  readonly #free: (at: number) => void;
  #generation = 0;
  #pause = 0;
  #nextPause = SHORTEST_PAUSE;
  #onTime = 0;

  constructor(
    helpers: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    scratchBytes: number,
    heap: { readonly malloc: (bytes: number) => number; readonly free: (at: number) => void },
  ) {
    this.#free = heap.free;
    const job = 0;
    const scratch = job + 4 * JOB_WORDS + 32;
    const room = scratch + scratchBytes;
    const buffer = room + ROOM_BYTES;
    for (let i = 0; i < helpers; i++) {
      const base = heap.malloc(buffer + BUFFER_BYTES);
      if (base === 0) return;
      this.#addresses.push(base);
      const at = { job: base + job, scratch: base + scratch, room: base + room, buffer: base + buffer };
      const thread = startThread({ module, memory, control: this.control, at });
      if (thread) this.#threads.push(thread);
    }
  }

  /** Number of threads that are available for a job, including the main thread. */
  get threads(): number {
    return 1 + Atomics.load(this.control, word.ready);
  }

  /** Resolves when all helpers are ready, or after two seconds; late helpers take part once they are ready. */
  async started(): Promise<void> {
    const until = performance.now() + 2000;
    while (this.threads <= this.#threads.length && performance.now() < until) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  /** The number of chunks for a job; 1 if helpers are not available or have not enough memory. */
  chunks(resultBytes: number, roomBytes: number): number {
    const { threads } = this;
    if (threads === 1 || roomBytes > ROOM_BYTES) return 1;
    const wanted = threads === 2 ? 6 : 4 * threads;
    // the largest of six chunks is a third of the result
    if (resultBytes <= 2 * BUFFER_BYTES) return wanted;
    const needed = Math.ceil((1.5 * resultBytes) / BUFFER_BYTES) + 1;
    return needed > CHUNKS_AT_MOST ? 1 : Math.max(wanted + 1, needed);
  }

  /** Whether to use helpers for this job; false during a pause. */
  willing(): boolean {
    if (this.#pause === 0) return true;
    this.#pause--;
    return false;
  }

  run(job: number, chunks: number, exports: Exports, room: number, scratch: number): void {
    const c = this.control;
    this.#generation = (this.#generation + 1) & 0x7fffff || 1;
    const open = this.#generation << 8;
    const start = performance.now();
    for (let t = 0; t < chunks; t++) Atomics.store(c, word.states + t, open);
    Atomics.store(c, word.chunks, chunks);
    Atomics.store(c, word.job, job);
    Atomics.store(c, word.ticket, open);
    if (Atomics.load(c, word.asleep) > 0) Atomics.notify(c, word.ticket);
    for (;;) {
      const ticket = Atomics.load(c, word.ticket);
      const chunk = ticket & 255;
      if (chunk >= chunks) break;
      if (Atomics.compareExchange(c, word.ticket, ticket, ticket + 1) !== ticket) continue;
      exports.runChunk(job, chunk, 0, room, scratch);
      Atomics.store(c, word.states + chunk, open | state.done);
    }
    const now = performance.now();
    const until = now + Math.max(LEAST_PATIENCE, PATIENCE * (now - start));
    let late = false;
    for (let t = 0; t < chunks; t++) {
      while (Atomics.load(c, word.states + t) !== (open | state.done)) {
        if (performance.now() < until) continue;
        if (Atomics.compareExchange(c, word.states + t, open, open | state.takenBack) !== open) continue;
        exports.runChunk(job, t, 0, room, scratch);
        late = true;
        break;
      }
    }
    if (late) {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(LONGEST_PAUSE, PAUSE_GROWTH * this.#nextPause);
      this.#onTime = 0;
    } else if (++this.#onTime === FORGIVEN_AFTER) this.#nextPause = SHORTEST_PAUSE;
  }

  /** Ends every helper. Their memory is freed unless one is in the middle of a chunk. */
  end(keepMemory: boolean): void {
    const isBusy = Atomics.load(this.control, word.busy) > 0;
    for (const thread of this.#threads) thread.terminate();
    this.#threads.length = 0;
    Atomics.store(this.control, word.ready, 0);
    if (!keepMemory && !isBusy) for (const at of this.#addresses) this.#free(at);
    this.#addresses.length = 0;
  }
}
