/** Saving and resuming, as used by the training loop. */
import {
  checkOptions,
  countOf,
  type EverySteps,
  type Json,
  type Mode,
  OptionError,
  type OptionSpecs,
  option,
} from '@keepprob/core';
import type { Partner } from '../loop/partner.ts';
import { checkSame } from './identity/differences.ts';
import { fitting } from './identity/fitting.ts';
import { type Begun, goingOn, identityOf } from './identity/identity.ts';
import type { Checkpoint, Position } from './parts.ts';
import { checkpoints, isStore, keeping, storeExpected } from './retention.ts';
import { checkSavable } from './savable.ts';
import { capture, reinstate, weightsNow } from './snapshot.ts';
import type { CheckpointStore } from './stores/store.ts';

export interface CheckpointOptions {
  /** `directoryStore(path)` of `@keepprob/trainer/node`, `indexedDBStore(name)`, `memoryStore()`, or your own. */
  readonly store: CheckpointStore;
  /**
   * `{ steps: n }`, n ≥ 1: the run is also saved after every nth update; a plain number counts updates, too. Null, the default, saves only at the end of each epoch.
   */
  readonly every?: EverySteps | null;
  /** How many of the newest checkpoints are kept; 2 by default. */
  readonly keep?: number;
  /**
   * The log whose best epoch is kept separately, with the weights that it was measured on (averaged ones under `ema`); 'valLoss' by default, null for none. If you
   * name a log that the run will not have, an error is thrown before the first update.
   */
  readonly best?: string | null;
  /** Whether lower or higher is better for `best`; 'auto', the default, goes by its name, as `earlyStopping` does. */
  readonly mode?: Mode;
}

const specs: OptionSpecs<CheckpointOptions> = {
  ...keeping,
  store: option.custom(storeExpected, isStore),
  every: option.orNull(option.everySteps()),
};

/** The parts of a run that saving needs. */
interface Opened extends Omit<Begun, 'data'> {
  /** Describes the data; called only if the description is saved or compared. */
  readonly data: () => Promise<Json>;
}

/** Weights that were evaluated in place of the trained ones. */
type Measured = Checkpoint['tensors'] | undefined;

/** Saves a run, and resumes it. */
export interface Saving {
  /** The seed of the run to resume; undefined if there is none. */
  readonly seed: number | undefined;
  /**
   * Takes over the run: restores the checkpoint, if there is one, and returns the position of the loop.
   * @throws OptionError for a model that cannot be saved completely; CheckpointError for such an optimizer, and for the checkpoint of another run
   */
  begin(opened: Opened): Promise<Position>;
  /** Whether the run is to be saved after the update just done. */
  due(step: number): boolean;
  /** Called during an evaluation: returns the evaluated weights, if plugins swap them in for it. */
  measured(): Promise<Measured>;
  /**
   * Saves the run, unless this position is saved already. After an epoch, `measured` holds the weights that were evaluated.
   */
  save(position: Position, measured?: Measured): Promise<void>;
  /** The update up to which the run is saved; undefined if nothing is saved. */
  saved(): number | undefined;
  /** Releases the store. */
  close(): Promise<void>;
}

const START: Position = { epoch: 0, stepInEpoch: 0, history: {}, logs: {}, averages: null, stopped: null };
const nothing: Saving = {
  seed: undefined,
  begin: async () => START,
  due: () => false,
  measured: async () => undefined,
  save: async () => undefined,
  saved: () => undefined,
  close: async () => undefined,
};

/**
 * Opens the store. Among the workers of a run, only the leader holds it.
 * @throws OptionError for invalid options; CheckpointError if there are checkpoints but none can be read, or if another run holds the store
 */
export async function openSaving(
  given: CheckpointOptions | null,
  resume: boolean | 'force',
  /** A worker that does not lead resumes from checkpoints but leaves writing them to the leader. */
  { leads, saved }: Pick<Partner, 'leads' | 'saved'>,
): Promise<Saving> {
  if (given === null) {
    if (resume) throw OptionError.of('fit', 'resume', 'false, or true together with `checkpoint: { store }`', resume);
    return nothing;
  }
  const { store, every, keep, best, mode } = checkOptions<CheckpointOptions>('fit: checkpoint', specs, given);
  const chain = checkpoints(store, { keep, best, mode });
  const close = (leads ? await store.hold?.() : undefined) ?? nothing.close;
  const latest = resume
    ? await chain.latest().catch(async error => {
        await close();
        throw error;
      })
    : undefined;
  let { measured, save } = nothing;
  let last: Place | undefined = latest?.manifest;
  return {
    seed: latest?.manifest.seed,
    async begin({ data, ...opened }) {
      const { model, run, optimizer } = opened;
      checkSavable(model, optimizer);
      if (!leads && !latest) return START;
      const now = identityOf({ ...opened, data: await data() });
      const identity = latest ? goingOn(now, latest.manifest) : now;
      const write: Saving['save'] = async (position, weights) => {
        const { epoch } = position;
        if (last?.step === run.step && last.epoch === epoch) return;
        const checkpoint = await capture(run, optimizer, identity, position);
        // a run that starts over: the best checkpoint in the store belongs to an earlier run
        if (!last) await chain.removeBest();
        await chain.save(checkpoint, weights);
        last = { step: checkpoint.manifest.step, epoch };
        saved(last.step);
      };
      if (leads) {
        save = write;
        measured = async () => (run.hooks.evaluate ? weightsNow(run) : undefined);
      }
      if (!latest) return START;
      if (resume !== 'force') checkSame(latest.manifest, identity);
      const taken = resume === 'force' ? fitting(latest, identity) : latest;
      reinstate(taken, run, optimizer);
      return taken.manifest;
    },
    due: step => every !== null && step % countOf(every) === 0,
    measured: () => measured(),
    save: (position, weights) => save(position, weights),
    saved: () => last?.step,
    close,
  };
}

/** The position that was saved last. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}
