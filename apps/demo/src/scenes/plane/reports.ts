/** What this scene's worker reports. */
import type { DenseNetwork } from '../../stage/dense.ts';
import type { Spread } from '../../stage/spread.ts';
import type { Interval } from '../../stage/statistics.ts';
import type { ThinnedLayer } from '../../stage/worker/masks.ts';

export const networks = ['none', 'l2', 'dropout'] as const;
export type Network = (typeof networks)[number];
export const titles: Readonly<Record<Network, string>> = { none: 'No regularization', l2: 'L2', dropout: 'Dropout' };

/** Something of each of them. */
export const each = <V>(of: (name: Network) => V): Record<Network, V> => ({
  none: of('none'),
  l2: of('l2'),
  dropout: of('dropout'),
});

/** Cells of a side of the field in which the networks' answers are drawn, and how far it goes from the middle. */
export const cells = 56;
export const reach = 1.15;

/** One network after an iteration. */
export interface Look {
  /** P(class 1) in each cell, 0 to 255, from the top left, row by row. */
  readonly field: Uint8Array;
  /** By point: 1 where it is classified wrongly. */
  readonly wrongTrain: Uint8Array;
  readonly wrongDev: Uint8Array;
  /** J of the iteration, as minimized: dropout on. */
  readonly cost: number;
}

/** The regularized ones. */
export type Regularized = Exclude<Network, 'none'>;

/** One network over all seeds: means, and the least and the most. */
export interface Over {
  /** Shares of points classified wrongly, dropout off. */
  readonly train: Spread;
  readonly dev: Spread;
  readonly cost: Spread;
  /** Of how many seeds the answers are the same everywhere. */
  readonly flat: number;
}

/** Numbers of a look, for the curves. */
export interface Instant {
  /** Iterations done. */
  readonly iteration: number;
  readonly over: Readonly<Record<Network, Over>>;
}

export interface Report extends Instant {
  /** The networks of the first seed, which are drawn. */
  readonly looks: Readonly<Record<Network, Look>>;
  /** Dev error without regularization minus that with it, over all seeds. */
  readonly gains: Readonly<Record<Regularized, Interval>>;
  /** The weights of the one with dropout. */
  readonly thinned: DenseNetwork;
  /** What the iteration dropped for the first training point. */
  readonly layers: readonly ThinnedLayer[];
}

/** The architecture of the course's lab. */
export const sizes = { input: 2, hidden1: 20, hidden2: 3, output: 1 } as const;
