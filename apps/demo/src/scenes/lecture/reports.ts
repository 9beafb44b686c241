/** What this scene's worker reports. */
import type { ThinnedLayer } from '../../stage/worker/masks.ts';

export const networks = ['whole', 'thinned'] as const;
export type Network = (typeof networks)[number];

/** The lecture's network: units of input, hidden layers and output. */
export const units = [3, 7, 7, 3, 2, 1] as const;

/** One network after an iteration. */
export interface Look {
  readonly trainError: number;
  /** Its answers are the same for all points. */
  readonly isFlat: boolean;
  /** By dev point: 1 where it is classified wrongly. */
  readonly wrongDev: Uint8Array;
  /** J of the iteration, as minimized: dropout on. */
  readonly cost: number;
  /** Each matrix, row by row: from unit i of a layer to unit j of the next. */
  readonly kernels: readonly Float32Array[];
}

export interface Instant {
  readonly iteration: number;
  readonly looks: Readonly<Record<Network, Look>>;
  /** What the iteration dropped for the first training point. */
  readonly layers: readonly ThinnedLayer[];
}

/** λ of every weight by what is dropped before it; null where nothing is. */
export type Lambdas = readonly (Float32Array | null)[];

export type Report =
  | { readonly type: 'suggestion'; readonly keepProbs: Readonly<Record<string, number>>; readonly text: string }
  | { readonly type: 'instant'; readonly instant: Instant }
  | { readonly type: 'lambdas'; readonly iteration: number; readonly lambdas: Lambdas };
