import { checkOptions, flatten, OptionError } from '@keepprob/core';
import { checkModel, show } from '@keepprob/core/driver';
import type { ArrayData } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import { tellerOf } from '../finding/progress.ts';
import { dropoutsOf } from '../model/dropoutsOf.ts';
import { lossToUse } from '../model/lossToUse.ts';
import { sitesFor } from '../model/noiseSites.ts';
import { suggestKeepProbs } from '../suggest/suggestKeepProbs.ts';
import { type CheckedReport, type ReportOptions, reportSpecs } from './options.ts';
import { type Answered, htmlOf, type Page, textOf } from './page.ts';
import { openSample } from './sample.ts';
import { CannotTell, diagnosing, isReason, labelled, type Section, type Subject } from './section.ts';
import { sectionNames } from './sectionNames.ts';
import { diagnosed } from './sections/diagnosis.ts';
import { type ReportFindings, sections } from './sections.ts';

/** The result of `report`. */
export interface Report {
  /** A self-contained page: no network, no scripts, readable on a phone and in print. */
  readonly html: string;
  /** The JSON-compatible result of each section: the numbers, or `cannotTell` with the reason. */
  readonly findings: ReportFindings;
  /** The verdicts, for a terminal. */
  readonly text: string;
}

/**
 * Everything the lens can tell about a model, as one HTML page: the model and its regularizers, bias or variance, whether dropout helps, whether J falls,
 * dropout as an L2 penalty, the spread of the weights, which keepProb to try, and the network that one step trains. If a question has no answer, the page
 * gives the reason: no data, no validation rows, no dropout, a loss that the theory does not cover. `data` may be null. The model is not changed.
 * @example
 * const { html, text } = await report(model, { x, y }, { validation, loss: 'categoricalCrossentropy', sections: ['model', 'diagnosis', 'weights'] });
 * @throws OptionError, DataError for wrong options and data, before anything is computed; the reason of `signal`; what the model itself throws
 */
export async function report(model: LayersModel, data: ArrayData | null, options: ReportOptions = {}): Promise<Report> {
  const given = checkOptions<ReportOptions>('report', reportSpecs, options);
  checkModel(model, 'report');
  flatten(given.plugins);
  if (given.keepProbs || given.input !== 1) sitesFor('report', model, given.keepProbs ?? {}, given.input, []);
  given.signal?.throwIfAborted();
  const tell = tellerOf('report', given.progress);
  const sample =
    data === null || data === undefined ? null : await openSample(model, data, given.limitRows, given.seed ?? 0);
  try {
    const subject: Subject = {
      ...{ model, data, sample, options: given, loss: lossOrNull(model, given), tell },
      diagnosed: once(() => diagnosed(subject)),
      measured: once(() => measure(subject)),
    };
    const asked = sectionNames.filter(name => given.sections.includes(name));
    const findings: Record<string, unknown> = {};
    const answered: Answered[] = [];
    for (const [i, name] of asked.entries()) {
      given.signal?.throwIfAborted();
      const { question } = sections[name];
      await tell({ what: question, done: i, total: asked.length });
      const { finding, ...answer } = await answerTo(sections[name], subject);
      findings[name] = finding;
      answered.push({ name, question, unknown: [], ...answer });
    }
    await tell({ what: 'the page', done: asked.length, total: asked.length });
    const page: Page = {
      title: given.title || `What regularization does to ${model.name}`,
      about: aboutOf(subject),
      sections: answered,
      leftOut: sectionNames.filter(name => !asked.includes(name)).map(name => sections[name].question),
    };
    return { html: htmlOf(page), text: textOf(page), findings };
  } finally {
    sample?.dispose();
  }
}

const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  // a rejection is cached as well
  return () => {
    asked ??= (async () => ask())();
    return asked;
  };
};

/** The answer, or the reason why there is no answer. */
async function answerTo({ answer }: Section, subject: Subject): Promise<Awaited<ReturnType<Section['answer']>>> {
  try {
    return await answer(subject);
  } catch (error) {
    if (!isReason(error)) throw error;
    const message = reasonOf(error);
    return {
      verdict: `Cannot tell. ${message}`,
      tone: 'open',
      body: [],
      finding: { cannotTell: message },
      unknown: [message],
    };
  }
}

/** Rewords errors about options, since the report does not mention options. */
const reasonOf = (error: Error): string =>
  error instanceof OptionError && error.option !== undefined && error.expected !== undefined
    ? `Its ${error.option} does not suit the question: that takes ${error.expected}, not ${show(error.received)}.`
    : error.message;

function lossOrNull(model: LayersModel, { loss }: CheckedReport): Subject['loss'] {
  try {
    return lossToUse('report', model, loss);
  } catch (error) {
    if (isReason(error)) return null;
    throw error;
  }
}

async function measure(subject: Subject): Promise<Diagnosis> {
  const { model, options } = subject;
  const { validation, measure, plugins, keepProbs, input } = options;
  if (!measure)
    throw new CannotTell('It was not measured: that takes pairs of runs with and without dropout, over seeds.');
  if (!validation) throw new CannotTell('There are no rows that were not trained on.');
  if (!keepProbs && input === 1 && !dropoutsOf(model).length && !Object.keys(suggestKeepProbs(model).keepProbs).length)
    throw new CannotTell('The model has no dropout, and no hidden dense layer to add it to.');
  const { data: train, loss } = labelled(subject);
  const how = typeof measure === 'object' ? measure : {};
  return diagnose(
    { model, train, validation, loss },
    { ...diagnosing(subject), plugins, keepProbs, input, ...how, measure: true },
  );
}

function aboutOf({ sample, options }: Subject): string {
  const count = (n: number): string => n.toLocaleString('en');
  if (!sample) return 'Without data: what the model alone can tell.';
  const drawn = sample.rows < sample.of ? `, ${count(sample.rows)} of them drawn where activations are looked at` : '';
  return `${count(sample.of)} training rows${drawn}; ${options.validation ? 'validation rows of their own' : 'no validation rows'}.`;
}
