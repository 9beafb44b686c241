/** What the worker tells the page. Plain data: it crosses by structured clone. */

export const twins = ['plain', 'regularized'] as const;
export type Twin = (typeof twins)[number];

/** One twin at the end of an epoch. Losses are mean cross-entropies, in nats. */
export interface Point {
  /** Training loss with dropout off: the one that can be compared with validation. */
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
}

export type Quantity = keyof Point;

export interface Epoch {
  readonly epoch: number;
  readonly plain: Point;
  readonly regularized: Point;
}

/** One place where units are dropped, for the first digit of the current batch. */
export interface ThinnedLayer {
  readonly name: string;
  /** 1 kept, 0 dropped. */
  readonly kept: Uint8Array;
}

/** The smaller network that one training step gave to one digit. */
export interface Picture {
  readonly step: number;
  /** 784 grey values, 0 to 1. */
  readonly digit: Float32Array;
  /** input, hidden1, hidden2. */
  readonly layers: readonly ThinnedLayer[];
}

export type TrainingEvent =
  | { readonly type: 'ready'; readonly backend: string }
  | { readonly type: 'picture'; readonly picture: Picture }
  | { readonly type: 'epoch'; readonly epoch: Epoch }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly message: string };

/** The architecture, which the page draws and the worker builds. */
export const sizes = { input: 784, hidden1: 128, hidden2: 64, output: 10 } as const;
