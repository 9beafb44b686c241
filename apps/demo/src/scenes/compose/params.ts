/** The settings of this scene. What is measured must stay the same from step to step; only how many there are may change on the way. */
import { seedParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { count } from '../../stage/shows.ts';
import { admitted, familyOf, names, notesOn } from './offered.ts';

const network = 'Network and data';

export const params = {
  techniques: {
    control: 'sequence',
    group: 'Techniques',
    label: 'A technique',
    hint: 'In this order',
    choices: names,
    headingOf: familyOf,
    fallback: 'dropout,l2,maxNorm',
    live: false,
    show: (names: string): string => names || 'none',
  },
  options: {
    control: 'own',
    group: 'Techniques',
    label: 'Options',
    hint: 'Of the techniques in the list',
    fallback: '',
    live: false,
    admit: admitted,
    notes: notesOn,
    show: (text: string): string => text.replaceAll(';', '; ').replaceAll('=', ' ') || 'as they begin',
  },
  hidden: {
    control: 'list',
    group: network,
    label: 'Hidden units',
    hint: 'Of each of the two hidden layers',
    stops: [16, 64, 128, 256],
    fallback: 128,
    live: false,
    show: count,
  },
  batch: {
    control: 'list',
    group: network,
    label: 'Rows in a step',
    hint: 'Of 64 numbers each, in 10 classes',
    stops: [16, 32, 64, 128],
    fallback: 64,
    live: false,
    show: count,
  },
  rounds: {
    control: 'list',
    group: network,
    label: 'Rounds',
    hint: 'In each, every network takes a step',
    stops: [25, 50, 100, 200, 400],
    fallback: 200,
    live: true,
    show: count,
  },
  seed: seedParam({ group: network, hint: 'Of rows, weights and masks' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

export const presets: readonly { readonly label: string; readonly settings: Partial<Settings> }[] = [
  { label: 'Nothing', settings: { techniques: '', options: '' } },
  { label: 'The course', settings: { techniques: 'dropout,l2', options: '' } },
  { label: 'Default', settings: { techniques: params.techniques.fallback, options: '' } },
  { label: 'Two passes', settings: { techniques: 'dropout,rDrop,sam', options: '' } },
];

export const inputs = 64;
export const classes = 10;
/** Of Adam. */
export const learningRate = 1e-3;

/** Units of input, hidden layers and output. */
export const unitsOf = ({ hidden }: Settings): number[] => [inputs, hidden, hidden, classes];
