/** What the page holds of a run of this scene. */
import { type Network, networks, type Report } from './reports.ts';

/** The numbers of one look, for the curves. */
export interface Instant {
  readonly iteration: number;
  readonly train: Readonly<Record<Network, number>>;
  readonly dev: Readonly<Record<Network, number>>;
  readonly cost: Readonly<Record<Network, number>>;
}

const mean = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
const each = <V>(of: (name: Network) => V): Record<Network, V> => ({
  none: of('none'),
  l2: of('l2'),
  dropout: of('dropout'),
});

/** Looks between two pictures where motion is unwelcome. */
const stillEvery = 25;

export class State {
  instants: readonly Instant[] = $state.raw([]);
  /** What is drawn. */
  shown: Report | undefined = $state.raw();
  newest: Report | undefined = $state.raw();
  readonly #moving: () => boolean;

  constructor(moving: () => boolean) {
    this.#moving = moving;
  }

  readonly at = (): number => this.instants.at(-1)?.iteration ?? 1;

  readonly clear = (): void => {
    this.instants = [];
    this.shown = undefined;
    this.newest = undefined;
  };

  readonly take = (report: Report): void => {
    const { iteration, looks } = report;
    this.newest = report;
    if (this.#moving() || !this.shown || this.instants.length % stillEvery === 0) this.shown = report;
    this.instants = [
      ...this.instants,
      {
        iteration,
        train: each(name => mean(looks[name].wrongTrain)),
        dev: each(name => mean(looks[name].wrongDev)),
        cost: each(name => looks[name].cost),
      },
    ];
  };

  readonly show = (): void => {
    this.shown = this.newest;
  };
}

export const columnsOf = (
  instants: readonly Instant[],
  of: readonly (readonly ['train' | 'dev' | 'cost', Network])[],
): number[][] => [
  instants.map(({ iteration }) => iteration),
  ...of.map(([quantity, name]) => instants.map(instant => instant[quantity][name])),
];

export const allOf = (quantity: 'train' | 'dev' | 'cost'): ['train' | 'dev' | 'cost', Network][] =>
  networks.map(name => [quantity, name]);
