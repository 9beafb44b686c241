/** What this scene's worker reports. */
import type { DenseNetwork } from '../../stage/dense.ts';
import type { Interval } from '../../stage/statistics.ts';
import type { ThinnedLayer } from '../../stage/worker/masks.ts';

export const twins = ['plain', 'regularized'] as const;
export type Twin = (typeof twins)[number];

/** One network at the end of an epoch. Losses are mean cross-entropies, in nats. */
export interface Point {
  /** Training loss with dropout off: the one that can be compared with the dev set's. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** λ Σ w²: mean over the epoch's steps, and on the weights at its end. */
  readonly trainPenalty: number;
  readonly validationPenalty: number;
  /** J = loss + penalty. In training it is the J that was minimized, with dropout on. */
  readonly trainCost: number;
  readonly validationCost: number;
  /** Shares of wrong answers, dropout off. */
  readonly trainError: number;
  readonly validationError: number;
  /** validationLoss − trainLoss. */
  readonly gap: number;
  /** Σ w² over the kernels. */
  readonly squaredNorm: number;
  /** (Σ w²)² / (n Σ w⁴) of each kernel: 1 when all its weights are equally large. */
  readonly spreadHidden1: number;
  readonly spreadHidden2: number;
  readonly spreadOutput: number;
}

export type Quantity = keyof Point;

/** Both networks at the end of an epoch. */
export interface Measured extends Readonly<Record<Twin, Point>> {
  /** J of every iteration of the epoch, each on its own batch, as it was minimized. */
  readonly costs: Readonly<Record<Twin, readonly number[]>>;
}

/** With several seeds the numbers are means. */
export interface Epoch extends Measured {
  readonly epoch: number;
  /** The least and the most of each number, where there are several seeds. */
  readonly band?: Readonly<Record<'lower' | 'upper', Measured>>;
  /** Dev error of the plain network minus that of the regularized one, over all seeds. */
  readonly gain: Interval;
  readonly devDigits: number;
}

/** The smaller network that one training step gave to one digit. */
export interface Picture {
  readonly step: number;
  /** 784 grey values, 0 to 1. */
  readonly digit: Float32Array;
  /** input, hidden1, hidden2. */
  readonly layers: readonly ThinnedLayer[];
}

/** A digit of the dev set. */
export interface Example {
  readonly truth: number;
  /** 784 grey values, 0 to 255. */
  readonly pixels: Uint8Array;
}

/** One that a network reads wrongly, and how probable it finds its answer. */
export interface Misread extends Example {
  readonly answered: number;
  readonly probability: number;
}

/** The networks as they are after an epoch. */
export interface Look {
  readonly epoch: number;
  readonly networks: Readonly<Record<Twin, DenseNetwork>>;
  /** The surest first, some of them alone. */
  readonly misread: Readonly<Record<Twin, readonly Misread[]>>;
}

export type Report =
  | { readonly type: 'examples'; readonly examples: readonly Example[] }
  | { readonly type: 'look'; readonly look: Look }
  | { readonly type: 'picture'; readonly picture: Picture }
  | { readonly type: 'epoch'; readonly epoch: Epoch };

/** The architecture, which the page draws and the worker builds. */
export const sizes = { input: 784, hidden1: 128, hidden2: 64, output: 10 } as const;
