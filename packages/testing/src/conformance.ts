import type { Entry } from '@keepprob/core/catalogue';
import { checkCatalogue, checkRunner, checkSubject } from './arguments.ts';
import { type Register, subjectsOf } from './entries.ts';
import { layerLaws } from './laws/layer.ts';
import { noiseLaws } from './laws/noise.ts';
import { options } from './laws/options.ts';
import { penaltyLaws } from './laws/penalty.ts';
import { runLaws } from './laws/run.ts';
import { stockLaws } from './laws/stock.ts';
import { trainingLaws } from './laws/training.ts';
import type { Law, LayerSubject, Subject, TrainingSubject } from './subject.ts';

/** The functions of a test runner such as vitest, jest, mocha or node:test. */
export interface Runner {
  /** Groups tests. */
  describe(name: string, body: () => void): unknown;
  /** Defines one test. */
  it(name: string, body: () => Promise<void>): unknown;
}

/**
 * The laws that a subject of this kind must obey.
 * @example
 * const [subject] = subjectsOf(catalogue, () => undefined);
 * for (const { check } of lawsFor(subject).slice(0, 1)) await check(subject);
 */
export const lawsFor = (subject: Subject): readonly Law<Subject>[] =>
  [
    options,
    ...runLaws,
    ...stockLaws,
    ...(subject.kind === 'training' ? trainingLaws : subject.penalizes ? penaltyLaws : [...layerLaws, ...noiseLaws]),
  ] as readonly Law<Subject>[];

/**
 * Tests a plugin with one test per law, in the given test runner. It needs a TF.js backend.
 * @example
 * conformance({ describe, it }, {
 *   kind: 'training', name: 'l2', create: l2, weights: true,
 *   options: { strength: 0.1 }, variants: [{ strength: 0.2 }], bad: [{ options: { strength: -1 }, option: 'strength' }],
 * });
 * @throws OptionError if `runner` or `subject` lacks a required field
 */
export function conformance<O>(runner: Runner, subject: LayerSubject<O> | TrainingSubject<O>): void {
  checkRunner('conformance', runner);
  checkSubject(subject);
  prove(runner, subject as unknown as Subject);
}

/**
 * Tests every entry of a catalogue in the same way. `register` registers its layers, so that saved models with them can be loaded.
 * @example
 * conformanceOf({ describe, it }, catalogue, register);
 * @throws OptionError for a runner without `describe` and `it`, a catalogue that is not a list of entries, or a `register` that is not a function
 */
export function conformanceOf(runner: Runner, catalogue: readonly Entry[], register: Register = () => undefined): void {
  checkRunner('conformanceOf', runner);
  checkCatalogue(catalogue, register);
  for (const subject of subjectsOf(catalogue, register)) prove(runner, subject);
}

function prove(runner: Runner, subject: Subject): void {
  runner.describe(`${subject.name} conforms`, () => {
    for (const law of lawsFor(subject)) runner.it(law.name, () => law.check(subject));
  });
}
