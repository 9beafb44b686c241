/**
 * A helper thread: takes chunks of the current job, computes each into its own buffer, and commits it unless the main thread has taken it
 * back in the meantime. Everything that the two share is in `control`, 32-bit words that are only accessed atomically.
 */

/** Words of `control`. */
export const word = {
  /** Generation of the job × 256 + number of its next chunk. */
  ticket: 0,
  chunks: 1,
  /** Address of the job. */
  job: 2,
  /** Number of helpers that have started. */
  ready: 3,
  /** Number of sleeping helpers. */
  asleep: 4,
  /** Number of working helpers. */
  busy: 5,
  /** From here on: generation × 256 + state of every chunk. */
  states: 16,
} as const;

/** States of a chunk. */
export const state = { open: 0, committing: 1, done: 2, takenBack: 3 } as const;

export const CHUNKS_AT_MOST = 200;
export const JOB_WORDS = 24;
/** Milliseconds that a helper waits actively for a new job before it sleeps. */
const AWAKE = 2;

/** The start data of a helper. */
export interface HelperData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  /** Working memory of the helper: its copy of the job, its scratch, room for other data of a chunk, and a buffer for its result. */
  readonly at: { readonly job: number; readonly scratch: number; readonly room: number; readonly buffer: number };
}

/**
 * The helper as a separate program. It is a string, so that no bundler or minifier changes it. A chunk that was taken back is still computed to the end, but
 * on a copy of its job and into the helper's own buffer, so it can do no harm.
 */
export const helperSource = `
const start = ({ module, memory, control: c, at }) => {
  const { runChunk, commitChunk } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  Atomics.add(c, ${word.ready}, 1);
  let last = 0;
  for (;;) {
    let ticket = Atomics.load(c, ${word.ticket});
    for (const since = performance.now(); ticket >>> 8 === last; ticket = Atomics.load(c, ${word.ticket})) {
      if (performance.now() - since < ${AWAKE}) continue;
      Atomics.add(c, ${word.asleep}, 1);
      Atomics.wait(c, ${word.ticket}, ticket);
      Atomics.sub(c, ${word.asleep}, 1);
    }
    const generation = ticket >>> 8;
    Atomics.add(c, ${word.busy}, 1);
    for (; ; ticket = Atomics.load(c, ${word.ticket})) {
      const chunk = ticket & 255;
      if (ticket >>> 8 !== generation || chunk >= Atomics.load(c, ${word.chunks})) break;
      const words = new Int32Array(memory.buffer);
      const from = Atomics.load(c, ${word.job}) >>> 2;
      words.copyWithin(at.job >>> 2, from, from + ${JOB_WORDS});
      if (Atomics.compareExchange(c, ${word.ticket}, ticket, ticket + 1) !== ticket) continue;
      runChunk(at.job, chunk, at.buffer, at.room, at.scratch);
      const open = generation << 8;
      if (Atomics.compareExchange(c, ${word.states} + chunk, open, open | ${state.committing}) !== open) continue;
      commitChunk(at.job, chunk, at.buffer);
      Atomics.store(c, ${word.states} + chunk, open | ${state.done});
    }
    Atomics.sub(c, ${word.busy}, 1);
    last = generation;
  }
};`;
