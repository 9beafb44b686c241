import { checkOptions } from '@keepprob/core';
import { checkModel, checkOptimizer, openRun, outputNames, type Run } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { openSaving, type Saving } from '../checkpoint/saving.ts';
import { type Layout, layoutOf } from '../data/layout.ts';
import { checkOrder, describe, type Order, openSource, type Source, type TrainingData } from '../data/source.ts';
import { type Audience, openAudience } from '../listeners/audience.ts';
import { cleanOrder, type EvaluationOrder, limits } from '../objective/evaluate.ts';
import { type Objective, resolveObjective } from '../objective/losses.ts';
import { computationOf } from '../objective/objective.ts';
import { type ClassWeights, classWeights, type FitOptions, fitOptions, resolveShortcuts } from '../options.ts';
import { interruptions } from './interruptions.ts';
import { Journal } from './journal.ts';
import type { Partner, Partnership } from './partner.ts';
import type { Stepping } from './update.ts';

/** All that `fit` works with. */
export interface Session {
  readonly options: Required<FitOptions>;
  readonly model: LayersModel;
  readonly objective: Objective;
  readonly partner: Partner;
  /** Ends the wait for a batch. */
  readonly until: AbortSignal;
  readonly train: Source;
  /** The training data themselves under `overfitBatches`. */
  readonly dev: Source | null;
  /** In which training goes through its data. */
  readonly order: Pick<Order, 'batchSize' | 'dropLast' | 'limit' | 'limitBatches'>;
  /** The training rows that are evaluated with dropout off; undefined for none. */
  readonly clean: EvaluationOrder | undefined;
  readonly run: Run;
  readonly stepping: Stepping;
  readonly journal: Journal;
  readonly saving: Saving;
  readonly audience: Audience;
  /** On every exit: the plugins choose the final weights, and everything that was opened is let go of. */
  close(): Promise<void>;
}

/**
 * Opens all of it, or nothing. Where there is a checkpoint to go on from, it is in the run then.
 * @throws OptionError, DataError, CheckpointError
 */
export async function openSession(
  partnership: Partnership,
  model: LayersModel,
  data: TrainingData,
  given: FitOptions,
): Promise<Session> {
  const options = resolveShortcuts(checkOptions<FitOptions>('fit', fitOptions, given));
  const { causes, until } = interruptions(options);
  const partner = partnership(causes);
  checkModel(model);
  const classWeight = classWeights(outputNames(model), options.classWeight);
  const objective = resolveObjective(model, options);
  const { optimizer } = objective;
  const opened: Opened = { objective, sources: [] };
  try {
    checkOptimizer(optimizer);
    const saving = await openSaving(options.checkpoint, options.resume, partner);
    opened.saving = saving;
    const seed = options.seed ?? saving.seed ?? partner.seed ?? randomSeed();
    const sources = await openData(data, options, layoutOf(model, objective), opened.sources);
    const journal = new Journal(objective.logs);
    const run = openRun(model, options.plugins, { host: 'fit', optimizer, seed, epoch: () => journal.epoch });
    opened.run = run;
    const stepping: Stepping = {
      run,
      computation: computationOf(model, objective, classWeight),
      variables: run.weights.filter(w => w.trainable).map(w => w.variable),
      take: partner.take,
    };
    const ready = { options, model, objective, partner, until, ...sources, run, stepping, journal, saving };
    await begin(ready, classWeight);
    const audience = await openAudience(options.progress, options.listeners, run.weights);
    opened.audience = audience;
    return { ...ready, audience, close: () => close(opened) };
  } catch (error) {
    await close(opened);
    throw error;
  }
}

/** Training and dev data, and the order of both; what is opened is put into `sources` at once. */
async function openData(
  data: TrainingData,
  options: Required<FitOptions>,
  layout: Layout,
  sources: Source[],
): Promise<Pick<Session, 'train' | 'dev' | 'order' | 'clean'>> {
  const { overfitBatches, validation, batchSize, dropLast } = options;
  const open = async (what: string, from: TrainingData): Promise<Source> => {
    const source = await openSource(what, from, layout);
    sources.push(source);
    return source;
  };
  const train = await open('training data', data);
  const dev = overfitBatches ? train : validation && (await open('validation data', validation));
  const order = { batchSize, dropLast, ...limits(train, options) };
  checkOrder(train, order);
  return { train, dev, order, clean: cleanOrder(train, options) };
}

/** Where the run begins, or goes on. */
async function begin(session: Omit<Session, 'audience' | 'close'>, classWeight: ClassWeights): Promise<void> {
  const { options, model, objective, train, dev, order, clean, run, journal, saving, partner } = session;
  const { loss, metrics, plugins, shuffle, trainEvaluation } = options;
  const { optimizer, lossWeights } = objective;
  const aims = { loss, metrics, lossWeights, classWeight };
  const data = async () => ({ ...(await describe(train, dev)), trainEvaluation, shuffle, ...order });
  journal.resume(await saving.begin({ model, run, optimizer, plugins, aims, data }));
  partner.align(run.weights);
  // the passes of the epochs before: training, evaluation, and as dev data of itself
  const { epoch } = journal;
  await train.leaveOut(epoch * (1 + Number(clean !== undefined) + Number(dev === train)));
  if (dev !== train) await dev?.leaveOut(epoch);
}

/** What has to be let go of. */
interface Opened {
  readonly objective: Objective;
  readonly sources: Source[];
  run?: Run;
  audience?: Audience;
  saving?: Saving;
}

/** Every step is taken, also when another fails; then the first error is thrown. */
async function close({ objective, sources, run, audience, saving }: Opened): Promise<void> {
  const steps: readonly (() => void | Promise<void>)[] = [
    () => run?.end(),
    () => run?.dispose(),
    ...sources.map(source => () => source.dispose()),
    () => (objective.ownsOptimizer ? objective.optimizer.dispose() : undefined),
    () => audience?.leave(),
    () => saving?.close(),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length) throw errors[0];
}
