/** Saving and resuming, as the loop sees them. */
import { checkOptions, type Json, OptionError, type OptionSpecs, option, type Plugins } from '@keepprob/core';
import type { Run } from '@keepprob/core/driver';
import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Partner } from '../partner.ts';
import type { Position } from './checkpoint.ts';
import { checkpoints } from './checkpoints.ts';
import { checkSame } from './differences.ts';
import { fitting } from './fitting.ts';
import { identityOf } from './identity.ts';
import { capture, reinstate } from './snapshot.ts';
import type { CheckpointStore } from './store.ts';

export interface CheckpointOptions {
  /** `directoryStore(path)` of `@keepprob/trainer/node`, `indexedDBStore(name)`, `memoryStore()`, or one of your own. */
  readonly store: CheckpointStore;
  /** Updates after which the run is saved in the middle of an epoch; 'epoch', the default, saves it at the ends only. */
  readonly every?: number | 'epoch';
  /** How many of the newest are kept; 2 by default. */
  readonly keep?: number;
  /** The log whose best epoch is kept apart; 'valLoss' by default, null for none. */
  readonly best?: string | null;
  /** Whether lower or higher is better for `best`; 'min' by default. */
  readonly mode?: 'min' | 'max';
}

const specs: OptionSpecs<CheckpointOptions> = {
  store: option.custom(
    'a store such as directoryStore(path)',
    v => typeof (v as CheckpointStore | null)?.write === 'function',
  ),
  every: option.custom<number | 'epoch'>(
    "an integer ≥ 1 of updates, or 'epoch'",
    v => v === 'epoch' || (Number.isSafeInteger(v) && Number(v) >= 1),
    { fallback: 'epoch' },
  ),
  keep: option.number({ min: 1, integer: true, fallback: 2 }),
  best: option.custom<string | null>('the name of a log, or null', v => v === null || typeof v === 'string', {
    fallback: 'valLoss',
  }),
  mode: option.oneOf(['min', 'max'] as const, { fallback: 'min' }),
};

/** What a run must be opened with to be saved. */
interface Opened {
  readonly model: LayersModel;
  readonly run: Run;
  readonly optimizer: Optimizer;
  readonly plugins: readonly Plugins[];
  /** What the data are like. */
  readonly data: Json;
}

/** The run that is saved. */
export interface Saving {
  /** The seed of the run that goes on. */
  readonly seed: number | undefined;
  /** Takes over the run. Puts the checkpoint into it, if there is one, and says where the loop stands then. */
  begin(opened: Opened): Position;
  /** Whether the update just done is one after which the run is saved. */
  due(step: number): boolean;
  save(position: Position): Promise<void>;
}

const START: Position = { epoch: 0, stepInEpoch: 0, history: {}, averages: null, stopped: null };
const nothing: Saving = { seed: undefined, begin: () => START, due: () => false, save: async () => undefined };

/** @throws OptionError for options that are wrong; CheckpointError when there are checkpoints and none can be read */
export async function openSaving(
  given: CheckpointOptions | null,
  resume: boolean | 'force',
  /** A worker that does not lead goes on from checkpoints and leaves writing them to another. */
  { leads, saved }: Pick<Partner, 'leads' | 'saved'>,
): Promise<Saving> {
  if (given === null) {
    if (resume) throw OptionError.of('fit', 'resume', 'false, or with `checkpoint: { store }` beside it', resume);
    return nothing;
  }
  const { store, every, keep, best, mode } = checkOptions<CheckpointOptions>('fit: checkpoint', specs, given);
  const chain = checkpoints(store, { keep, best, higher: mode === 'max' });
  const latest = resume ? await chain.latest() : undefined;
  let save: Saving['save'] = nothing.save;
  return {
    seed: latest?.manifest.seed,
    begin({ model, run, optimizer, plugins, data }) {
      const identity = identityOf(model, run, optimizer, plugins, data);
      const write = async (position: Position): Promise<void> => {
        await chain.save(await capture(run, optimizer, identity, position));
        saved();
      };
      if (leads) save = write;
      if (!latest) return START;
      if (resume !== 'force') checkSame(latest.manifest, identity);
      const taken = resume === 'force' ? fitting(latest, identity) : latest;
      reinstate(taken, run, optimizer);
      return taken.manifest;
    },
    due: step => every !== 'epoch' && step % every === 0,
    save: position => save(position),
  };
}
