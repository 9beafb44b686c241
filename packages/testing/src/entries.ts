/** The entries of a catalogue as subjects. */
import type { Entry, LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import type { LayerSubject, Subject, TrainingSubject } from './subject.ts';

/** Makes saved models with a package's layers loadable. */
export type Register = () => void;

const plugin = ({ name, definition, takes, trial, ...entry }: PluginEntry): TrainingSubject<object> => ({
  options: entry.options,
  ...trial,
  kind: 'training',
  name,
  definition,
  ofModel: takes === 'model',
  create: (options, model) => entry.make(options, { model, of: entry.of() }),
});

const layer = ({ name, definition, trial, ...entry }: LayerEntry, register: Register): LayerSubject<object> => ({
  options: entry.options,
  ...trial,
  kind: 'layer',
  name,
  definition,
  register,
  create: options => entry.make(options, entry.around()),
});

/**
 * Schedules have no laws in this kit: what they give at a moment is told by their own tests.
 * @example
 * subjectsOf(catalogue, () => undefined).map(({ name }) => name); // ['l1', 'elasticNet', 'groupLasso', 'proximalL1']
 */
export const subjectsOf = (catalogue: readonly Entry[], register: Register): Subject[] =>
  catalogue.flatMap((entry): Subject[] => {
    if (entry.kind === 'schedule') return [];
    return [(entry.kind === 'plugin' ? plugin(entry) : layer(entry, register)) as unknown as Subject];
  });
