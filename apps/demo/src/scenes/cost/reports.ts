/** What this scene's worker reports. */

/** J of one iteration, on all points, at the weights before its update. */
export interface Iteration {
  readonly iteration: number;
  /** The first network: no dropout. */
  readonly off: number;
  /** The second, as minimized: of the smaller network of this iteration. */
  readonly on: number;
  /** The second at the same weights, with dropout off. */
  readonly clean: number;
}

/** Those since the last report. */
export type Report = readonly Iteration[];

export const sizes = { input: 2, hidden1: 20, hidden2: 3, output: 1 } as const;
