/** Saving and resuming, as the loop sees them. */
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
  /** `directoryStore(path)` of `@keepprob/trainer/node`, `indexedDBStore(name)`, `memoryStore()`, or one of your own. */
  readonly store: CheckpointStore;
  /**
   * `{ steps: n }`, n ≥ 1: the run is saved after every nth update, too; a bare number counts updates as well. Null, the default, saves it at the
   * ends of epochs only.
   */
  readonly every?: EverySteps | null;
  /** How many of the newest checkpoints are kept; 2 by default. */
  readonly keep?: number;
  /**
   * The log whose best epoch is kept separately, with the weights that it was measured on (averaged ones under `ema`); 'valLoss' by default, null for none. One that
   * is named and that the run will not have is an error before the first update.
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

/** What a run must be opened with to be saved. */
interface Opened extends Omit<Begun, 'data'> {
  /** What the data are like: asked only where it is saved or compared. */
  readonly data: () => Promise<Json>;
}

/** Weights that were evaluated in place of the trained ones. */
type Measured = Checkpoint['tensors'] | undefined;

/** The run that is saved. */
export interface Saving {
  /** The seed of the run that goes on. */
  readonly seed: number | undefined;
  /**
   * Takes over the run. Puts the checkpoint into it, if there is one, and says where the loop stands then.
   * @throws OptionError for a model that cannot be saved whole; CheckpointError for an optimizer that cannot, and for the checkpoint of another run
   */
  begin(opened: Opened): Promise<Position>;
  /** Whether the update just done is one after which the run is saved. */
  due(step: number): boolean;
  /** While the run is evaluated: the weights of this evaluation, where plugins swap them for it. */
  measured(): Promise<Measured>;
  /**
   * Saves what is not saved yet. After an epoch, `measured` is what it was measured on.
   */
  save(position: Position, measured?: Measured): Promise<void>;
  /** The update up to which the run is saved; undefined where nothing of it is. */
  saved(): number | undefined;
  /** Lets go of the store. */
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
 * Of the workers of a run, the one that leads holds the store.
 * @throws OptionError for options that are wrong; CheckpointError when there are checkpoints and none can be read, or when another run holds the store
 */
export async function openSaving(
  given: CheckpointOptions | null,
  resume: boolean | 'force',
  /** A worker that does not lead goes on from checkpoints and leaves writing them to another. */
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
        // a run that starts again: the best one there is an earlier one's
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

/** What was saved last. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}
