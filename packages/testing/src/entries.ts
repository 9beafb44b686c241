/** The entries of a catalogue as subjects. */
import type { Entry, LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import type { LayerSubject, Subject, TrainingSubject } from './subject.ts';

/** Registers the layers of a package, so that saved models with them can be loaded. */
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
 * The entries of a catalogue as subjects. Schedules are left out: this kit has no laws for them, and their own tests check their values.
 * @example
 * subjectsOf(catalogue, () => undefined).map(({ name }) => name); // ['l1', 'elasticNet', 'groupLasso', 'proximalL1']
 */
export const subjectsOf = (catalogue: readonly Entry[], register: Register): Subject[] =>
  catalogue.flatMap((entry): Subject[] => {
    if (entry.kind === 'schedule') return [];
    return [(entry.kind === 'plugin' ? plugin(entry) : layer(entry, register)) as unknown as Subject];
  });
