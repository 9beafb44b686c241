/** The parameters of the page: one typed table, from which the controls, the worker's settings and the URL follow. */

interface Common {
  readonly label: string;
  /** What it does, for the line under the control. */
  readonly hint: string;
  readonly fallback: number;
  /** Takes effect in mid-run; the others start the run over. */
  readonly live: boolean;
  readonly show: (value: number) => string;
}

/** A value from a fixed ladder, linear or not: a slider moves over the rungs, a list shows them. */
export interface Ladder extends Common {
  readonly control: 'slider' | 'list';
  readonly stops: readonly number[];
}

export interface Integer extends Common {
  readonly control: 'integer';
  readonly min: number;
  readonly max: number;
}

export type Param = Ladder | Integer;

const twentieths = (from: number, to: number): number[] =>
  Array.from({ length: Math.round((to - from) * 20) + 1 }, (_, i) => Math.round((from + i / 20) * 100) / 100);
const plain = (value: number): string => String(value);
const count = (value: number): string => value.toLocaleString('en');
const share = (value: number): string => value.toFixed(2);
/** 3 × 10⁻⁵ */
const power = (value: number): string => {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const raised = exponent.replace('-', '⁻').replace(/[0-9]/g, digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return digits === '1' ? `10${raised}` : `${digits} × 10${raised}`;
};
const orOff =
  (show: (value: number) => string) =>
  (value: number): string =>
    value === 0 ? 'off' : show(value);

export const params = {
  trainSize: {
    control: 'list',
    label: 'Training digits',
    hint: 'Fewer digits, more overfitting',
    stops: [200, 500, 1000, 2000, 5000],
    fallback: 1000,
    live: false,
    show: count,
  },
  epochs: {
    control: 'list',
    label: 'Epochs',
    hint: 'Passes over the training digits',
    stops: [20, 40, 60, 100, 200],
    fallback: 60,
    live: false,
    show: count,
  },
  keepProbInput: {
    control: 'slider',
    label: 'keepProb, input',
    hint: '1 or close to it: 784 pixels',
    stops: twentieths(0.5, 1),
    fallback: 0.9,
    live: true,
    show: share,
  },
  keepProb1: {
    control: 'slider',
    label: 'keepProb, hidden 1',
    hint: '128 units behind the largest weight matrix',
    stops: twentieths(0.1, 1),
    fallback: 0.5,
    live: true,
    show: share,
  },
  keepProb2: {
    control: 'slider',
    label: 'keepProb, hidden 2',
    hint: '64 units',
    stops: twentieths(0.1, 1),
    fallback: 0.7,
    live: true,
    show: share,
  },
  lambda: {
    control: 'slider',
    label: 'L2, λ',
    hint: 'Adds λ Σ w² to the cost',
    stops: [0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2],
    fallback: 1e-4,
    live: true,
    show: orOff(power),
  },
  maxNorm: {
    control: 'slider',
    label: 'Max-norm',
    hint: 'Longest vector of weights into one unit',
    stops: [0, 5, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5],
    fallback: 3,
    live: true,
    show: orOff(plain),
  },
  learningRate: {
    control: 'slider',
    label: 'Learning rate',
    hint: 'Adam, both twins; from the next epoch on',
    stops: [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2],
    fallback: 1e-3,
    live: true,
    show: plain,
  },
  seed: {
    control: 'integer',
    label: 'Seed',
    hint: 'Of weights, batches and masks',
    min: 0,
    max: 9999,
    fallback: 7,
    live: false,
    show: plain,
  },
} as const satisfies Record<string, Param>;

export type Name = keyof typeof params;
export type Settings = Readonly<Record<Name, number>>;
export const names = Object.keys(params) as Name[];

export const defaults: Settings = Object.fromEntries(names.map(name => [name, params[name].fallback])) as Settings;

/** The nearest value that the control can take; its fallback for what is no number. */
export function admit(param: Param, value: number): number {
  if (!Number.isFinite(value)) return param.fallback;
  if (param.control === 'integer') return Math.min(param.max, Math.max(param.min, Math.round(value)));
  return param.stops.reduce((best, stop) => (Math.abs(stop - value) < Math.abs(best - value) ? stop : best));
}

/** `#keepProb1=0.5&seed=3`: what differs from the defaults. */
export function toHash(settings: Settings): string {
  const changed = names.filter(name => settings[name] !== params[name].fallback);
  return changed.length ? `#${changed.map(name => `${name}=${settings[name]}`).join('&')}` : '';
}

/** Forgiving: unknown names are skipped, values are brought into range. */
export function fromHash(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const value = (name: Name): number => {
    const text = given.get(name);
    return text ? admit(params[name], Number(text)) : params[name].fallback;
  };
  return Object.fromEntries(names.map(name => [name, value(name)])) as Settings;
}
