/** What a run of the lab gives. */
export const arms = ['none', 'L2', 'dropout'] as const;
export type Arm = (typeof arms)[number];

export interface LabJob {
  /** Of the points. */
  readonly draw: number;
  /** Of weights and masks. */
  readonly seed: number;
  readonly arm: Arm;
  readonly iterations: number;
}
export interface LabResult extends LabJob {
  /** Percentages of the points that are wrong: of the 211, of the 200, and of 5,000 more. */
  readonly train: number;
  readonly dev: number;
  readonly more: number;
}
