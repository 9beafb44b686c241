import { logName, type Mode, modeOption, OptionError, type OptionSpecs, option, signOf } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { CheckpointError } from './errors.ts';
import * as messages from './messages.ts';
import type { Checkpoint, Manifest } from './parts.ts';
import type { CheckpointStore } from './stores/store.ts';

/** Options of `checkpoints`. */
export interface CheckpointsOptions {
  /** How many of the newest checkpoints are kept, so that an older one is there if one is damaged; 2 by default. */
  readonly keep?: number;
  /** The log whose best epoch is kept separately; 'valLoss' by default, null for none. */
  readonly best?: string | null;
  /** Whether lower or higher is better for `best`; 'auto', the default, goes by the last word of its name, as `earlyStopping` does. */
  readonly mode?: Mode;
  /** Receives a warning about a checkpoint that cannot be read or removed, when the run continues without it; `console.warn` by default. */
  readonly warn?: (message: string) => void;
}

/** The checkpoints of one run in one store. */
export interface Checkpoints {
  /**
   * Writes the newest checkpoint and removes those beyond `keep`. After the best epoch so far it also writes the best one, with the weights that were
   * `measured` if these differ from the trained ones (averages). The store holds a complete checkpoint at every moment, even if this throws an error.
   */
  save(checkpoint: Checkpoint, measured?: Checkpoint['tensors']): Promise<void>;
  /** Removes the best checkpoint, which belongs to an earlier run. */
  removeBest(): Promise<void>;
  /**
   * The newest complete checkpoint; undefined if the store has no checkpoints.
   * @throws CheckpointError if there are checkpoints but none is complete
   */
  latest(): Promise<Checkpoint | undefined>;
  /** The checkpoint after the best epoch; undefined if there is none. */
  best(): Promise<Checkpoint | undefined>;
}

/** Whether the value has the methods of a store. */
export const isStore = (value: unknown): value is CheckpointStore =>
  typeof value === 'object' &&
  value !== null &&
  ['write', 'read', 'list', 'remove'].every(method => typeof Reflect.get(value, method) === 'function');

export const storeExpected = 'a store such as directoryStore(path)';

/** The options that decide which checkpoints are kept. */
export const keeping: OptionSpecs<Pick<CheckpointsOptions, 'keep' | 'best' | 'mode'>> = {
  keep: option.number({ min: 1, integer: true, fallback: 2 }),
  best: option.orNull({ ...option.string({ fallback: 'valLoss' }), expected: 'the name of a log' }),
  mode: modeOption,
};
const specs: OptionSpecs<CheckpointsOptions> = {
  ...keeping,
  warn: option.fn({ fallback: (message: string) => console.warn(message) }),
};

const BEST = 'best.safetensors';
const LAST = /^last-(\d+)-step\d+\.safetensors$/;
/** Numbered in the order of writing, so that a run started again in the same store is newer than a longer one before it. */
const lastName = (number: number, step: number): string =>
  `last-${String(number).padStart(6, '0')}-step${step}.safetensors`;

/** Whether the last epoch of the history is better than all before it; NaN is never better. */
function isBest(history: Manifest['history'], best: string, sign: 1 | -1): boolean {
  const values = (history[logName(best)] ?? []).map(value => sign * value);
  const last = values.pop() ?? Number.NaN;
  return !Number.isNaN(last) && values.every(value => !(value <= last));
}

/**
 * The newest checkpoints of a store and, separately, the best one: `last-000012-step3400.safetensors`, `best.safetensors`.
 * @example
 * const saved = checkpoints(directoryStore('runs/mnist'), { keep: 3, best: 'valLoss' });
 * await saved.latest(); // undefined
 * @throws OptionError if `store` is not a checkpoint store, and for wrong options
 */
export function checkpoints(store: CheckpointStore, options: CheckpointsOptions = {}): Checkpoints {
  if (!isStore(store)) throw OptionError.of('checkpoints', 'store', storeExpected, store);
  const { keep, best, mode, warn } = checkOptions<CheckpointsOptions>('checkpoints', specs, options);
  const sign = best === null ? 1 : signOf('checkpoints', best, mode);

  const remove = (name: string): Promise<void> =>
    store.remove(name).catch((error: Error) => warn(messages.notRemoved(name, error.message)));

  return {
    async save(checkpoint, measured) {
      const { manifest, tensors } = checkpoint;
      const { step, stepInEpoch, history } = manifest;
      const bytes = encodeCheckpoint(checkpoint);
      const before = await lastOnes(store);
      const write = (name: string, file: typeof bytes): Promise<void> =>
        store.write(name, file).catch(error => {
          throw pointing(error, before[0]?.name);
        });
      // the best one first: a run that is killed in between reaches the end of this epoch again after resuming
      if (best !== null && stepInEpoch === 0 && isBest(history, best, sign)) {
        const asMeasured = measured && encodeCheckpoint({ manifest, tensors: { ...tensors, ...measured } });
        await write(BEST, asMeasured ?? bytes);
      }
      await write(lastName((before[0]?.number ?? 0) + 1, step), bytes);
      for (const { name } of before.slice(keep - 1)) await remove(name);
    },

    async removeBest() {
      if ((await store.list()).includes(BEST)) await remove(BEST);
    },

    latest: () => latestIn(store, warn),

    best: () => read(store, BEST),
  };
}

/** Adds to the error of a full disk the name of the checkpoint to resume from, if there is one. */
function pointing(error: unknown, before: string | undefined): unknown {
  if (!(error instanceof CheckpointError) || error.problem !== 'full' || before === undefined) return error;
  return new CheckpointError(error.problem, messages.stillThere(error.message, before), error);
}

async function read(store: CheckpointStore, name: string): Promise<Checkpoint | undefined> {
  const bytes = await store.read(name);
  return bytes && decodeCheckpoint(bytes);
}

/** The `last-…` checkpoints, newest first. */
async function lastOnes(store: CheckpointStore): Promise<{ name: string; number: number }[]> {
  const found = (await store.list()).flatMap(name => {
    const number = LAST.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return found.sort((a, b) => b.number - a.number);
}

/** The newest complete checkpoint; incomplete ones are skipped with a warning. */
async function latestIn(store: CheckpointStore, warn: (message: string) => void): Promise<Checkpoint | undefined> {
  const names = (await lastOnes(store)).map(({ name }) => name);
  for (const name of names) {
    try {
      const checkpoint = await read(store, name);
      if (checkpoint) return checkpoint;
    } catch (error) {
      if (!(error instanceof CheckpointError) || !['damaged', 'foreign'].includes(error.problem)) throw error;
      warn(messages.skipped(name, error.message));
    }
  }
  if (names.length) throw new CheckpointError('damaged', messages.allDamaged(names));
  return undefined;
}
