import { checkOptions, OptionError } from '@keepprob/core';
import { checkLog, checkMonitors, checkOptimizer, openRun, outputNames, type Run } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { openSaving, type Saving } from '../checkpoint/saving.ts';
import { type ClassWeights, classWeights } from '../classWeights.ts';
import type { TrainingData } from '../data/given.ts';
import { layoutOf } from '../data/layout.ts';
import { describe, type Source } from '../data/order.ts';
import { type Audience, openAudience } from '../listeners/audience.ts';
import * as messages from '../messages.ts';
import { namesOfLogs } from '../objective/logNames.ts';
import { type Objective, resolveObjective } from '../objective/losses.ts';
import { computationOf } from '../objective/objective.ts';
import { checkAims } from '../objective/sense.ts';
import { type FitOptions, fitOptions, resolveShortcuts } from '../options.ts';
import { type BackendWatch, watchBackend } from './backendWatch.ts';
import { interruptions } from './interruptions.ts';
import { Journal } from './journal.ts';
import { openData, type RunData } from './openData.ts';
import type { Partner, Partnership } from './partner.ts';
import type { Stepping } from './update.ts';
import { checkFreq, evaluatedIn } from './validationFreq.ts';

/** Everything that `fit` works with. */
export interface Session extends RunData {
  readonly options: Required<FitOptions>;
  readonly model: LayersModel;
  readonly objective: Objective;
  readonly partner: Partner;
  /** Ends the wait for a batch. */
  readonly until: AbortSignal;
  readonly watch: BackendWatch;
  readonly run: Run;
  readonly stepping: Stepping;
  readonly journal: Journal;
  readonly saving: Saving;
  readonly audience: Audience;
  /** Lets the plugins choose the final weights; happens once, here or in `close`. */
  end(): void;
  /** Called on every exit: ends the run and releases everything that was opened. */
  close(): Promise<void>;
}

/**
 * Opens everything or nothing. If there is a checkpoint to resume from, it has been restored into the run.
 * @throws OptionError, DataError, CheckpointError, BackendError
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
  const units = model.outputs.map(({ shape }) => shape.at(-1));
  const classWeight = classWeights(outputNames(model), units, options.classWeight);
  const objective = resolveObjective('fit', model, options);
  const { optimizer } = objective;
  const watch = watchBackend(() => opened.saving?.saved());
  const opened: Opened = { objective, watch, sources: [] };
  try {
    checkOptimizer(optimizer);
    const saving = await openSaving(options.checkpoint, options.resume, partner);
    opened.saving = saving;
    const seed = options.seed ?? saving.seed ?? partner.seed ?? randomSeed();
    const layout = layoutOf(model, objective, classWeight);
    const sources = await watch.unlessLost(openData(data, options, layout, opened.sources));
    const { train, validation } = sources;
    if (validation) checkFreq(options.validationFreq, options.epochs);
    checkAims(model, objective, { classWeight, isWeighed: Boolean(train.isWeighed || validation?.isWeighed) });
    const journal = new Journal(objective.logs);
    const run = openRun(model, options.plugins, { host: 'fit', optimizer, seed, epoch: () => journal.epoch });
    opened.run = run;
    checkLogsOf(run, sources, objective, options.checkpoint?.best);
    const computation = computationOf(model, objective, classWeight);
    const stepping = { run, computation, variables: trainedIn(model, run), take: partner.take };
    const ready = { options, model, objective, partner, until, watch, ...sources, run, stepping, journal, saving };
    await watch.unlessLost(begin(ready, classWeight));
    const audience = await openAudience(options.progress, options.listeners, run.weights);
    opened.audience = audience;
    return { ...ready, audience, end: () => end(opened), close: () => close(opened) };
  } catch (error) {
    await close(opened);
    throw error;
  }
}

/** @throws OptionError for a model without trainable weights */
function trainedIn(model: LayersModel, run: Run): Stepping['variables'] {
  const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
  if (variables.length === 0) throw new OptionError(messages.nothingToTrain(model.name), { option: 'model' });
  return variables;
}

/** Checks that the logs exist that plugins monitor, and the log for the best checkpoint if it is named. */
function checkLogsOf(
  run: Run,
  { clean, validation }: RunData,
  objective: Objective,
  best: string | null | undefined,
): void {
  const logs = [
    ...namesOfLogs(objective, 'train'),
    ...(clean ? namesOfLogs(objective, 'clean') : []),
    ...(validation ? namesOfLogs(objective, 'val') : []),
  ];
  checkMonitors(run.monitors, logs);
  if (best) checkLog('fit: checkpoint', 'best', best, logs);
}

/** Begins the run, or resumes it. */
async function begin(session: Omit<Session, 'audience' | 'end' | 'close'>, classWeight: ClassWeights): Promise<void> {
  const { options, model, objective, train, validation, order, clean, run, journal, saving, partner } = session;
  const { loss, metrics, plugins, shuffle, trainEvaluation, stepsPerEpoch, validationBatches, validationFreq } =
    options;
  const { optimizer, targets } = objective;
  const aims = { loss, metrics, lossWeights: targets.map(({ weight }) => weight), classWeight };
  const others = {
    ...(stepsPerEpoch && { stepsPerEpoch }),
    ...(validationBatches && { validationBatches }),
    ...(validationFreq !== 1 && { validationFreq }),
  };
  const data = async () => ({ ...(await describe(train, validation)), trainEvaluation, shuffle, ...order, ...others });
  journal.resume(await saving.begin({ model, run, optimizer, plugins, aims, data }));
  partner.align(run.weights);
  // the passes of earlier epochs: training, evaluation, and validation if it uses the training data
  const { epoch } = journal;
  const passes = Number(stepsPerEpoch === null) + Number(clean !== undefined);
  const evaluations = evaluatedIn(validationFreq, epoch);
  await train.leaveOut(epoch * passes + (validation === train ? evaluations : 0));
  if (validation !== train) await validation?.leaveOut(evaluations);
}

/** Everything that must be released. */
interface Opened {
  readonly objective: Objective;
  readonly watch: BackendWatch;
  readonly sources: Source[];
  run?: Run;
  hasEnded?: boolean;
  audience?: Audience;
  saving?: Saving;
}

function end(opened: Opened): void {
  if (opened.hasEnded) return;
  opened.hasEnded = true;
  opened.run?.end();
}

/** Every step is taken, even if another fails; then the first error is thrown. */
async function close(opened: Opened): Promise<void> {
  const { objective, watch, sources, run, audience, saving } = opened;
  const steps: readonly (() => void | Promise<void>)[] = [
    () => end(opened),
    () => run?.dispose(),
    ...sources.map(source => () => source.dispose()),
    () => (objective.ownsOptimizer ? objective.optimizer.dispose() : undefined),
    () => audience?.leave(),
    () => saving?.close(),
    () => watch.stop(),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  // failures after the backend was lost are caused by that
  if (errors.length && !watch.isLost) throw errors[0];
}
