/** What this scene's worker reports. */

export const arms = ['off', 'on'] as const;
/** Without regularization, and with it. */
export type Arm = (typeof arms)[number];

/** Shares of points classified wrongly, dropout off. */
export interface Errors {
  readonly train: number;
  readonly dev: number;
}

/** By dev point: 1 where the network is wrong when its training is over. */
export type Pair = Readonly<Record<Arm, Uint8Array>>;

export type Report =
  | { readonly type: 'epoch'; readonly epoch: number; readonly errors: Readonly<Record<Arm, Errors>> }
  /** The runs of one more seed are over. */
  | { readonly type: 'pair'; readonly pair: Pair };
