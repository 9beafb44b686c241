/** What the page holds of a run of this scene. */
import { Pictures } from '../../stage/pictures.svelte.ts';
import { errorOf } from '../../stage/statistics.ts';
import { type Network, networks, type Report } from './reports.ts';

/** The numbers of one look, for the curves. */
export interface Instant {
  readonly iteration: number;
  readonly train: Readonly<Record<Network, number>>;
  readonly dev: Readonly<Record<Network, number>>;
  readonly cost: Readonly<Record<Network, number>>;
}

const each = <V>(of: (name: Network) => V): Record<Network, V> => ({
  none: of('none'),
  l2: of('l2'),
  dropout: of('dropout'),
});

export const instantOf = ({ iteration, looks }: Report): Instant => ({
  iteration,
  train: each(name => errorOf(looks[name].wrongTrain)),
  dev: each(name => errorOf(looks[name].wrongDev)),
  cost: each(name => looks[name].cost),
});

/** Looks between two pictures where motion is unwelcome. */
const stillEvery = 25;

export class State {
  instants: readonly Instant[] = $state.raw([]);
  readonly pictures: Pictures<Report>;

  constructor(moving: () => boolean) {
    this.pictures = new Pictures(moving);
  }

  readonly at = (): number => this.instants.at(-1)?.iteration ?? 1;

  readonly clear = (): void => {
    this.instants = [];
    this.pictures.clear();
  };

  readonly take = (report: Report): void => {
    this.pictures.take(report, this.instants.length % stillEvery === 0);
    this.instants = [...this.instants, instantOf(report)];
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
