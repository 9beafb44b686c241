/** Types of the results of `weightSpread` and `compare`. */
import type { Role } from '@keepprob/core';
import type { Finding } from '../finding/finding.ts';
import type { Paired } from '../statistics/paired.ts';

/** A measure of a matrix: see the field of that name of `MatrixSpread`. */
export type Measure =
  | 'squaredNorm'
  | 'activationWeightedNorm'
  | 'participation'
  | 'largestShare'
  | 'effectiveRank'
  | 'zeros'
  | 'sparsity';

/** One measure of one matrix, or of all of them together: b against a, in pairs. */
export interface Compared extends Paired {
  /** The layer, by its name in a; null for the sum over all matrices. */
  readonly layer: string | null;
  /** The measure. */
  readonly measure: Measure;
  /** Mean over the models of the first list. */
  readonly a: number;
  /** Mean over the models of the second list. */
  readonly b: number;
}

/** The result of `compare`. */
export interface Comparison extends Finding {
  /** Names of the two sides. */
  readonly names: readonly [string, string];
  /** Number of pairs of models. */
  readonly pairs: number;
  /** Every measure of every matrix, and of all together. */
  readonly measures: readonly Compared[];
  /** Activations between input and output that are not affine, without the last one; none for a linear model. */
  readonly nonlinear: readonly string[];
}

/** How a weight matrix is spread over its inputs. Units are its outputs; inputs are summed into one unit. */
export interface MatrixSpread {
  /** Name of the layer, with its path if several have that name. */
  readonly layer: string;
  /** The weight, as `weightsOf` names it. */
  readonly path: string;
  /** Its role in the layer. */
  readonly role: Role;
  /** Number of inputs that are summed into one unit. */
  readonly inputs: number;
  /** Number of units, the outputs of the matrix. */
  readonly units: number;
  /** Σ w². */
  readonly squaredNorm: number;
  /** For each unit 1 / Σ_j share_j², with share_j = w_j² / Σ w²: how many inputs a unit uses, from 1 to `inputs`. NaN for a unit without weights. */
  readonly participation: Float64Array;
  /** Mean of `participation` over the units. */
  readonly meanParticipation: number;
  /** For each unit, the largest share_j of any input. */
  readonly largestShare: Float64Array;
  /** Mean of `largestShare` over the units. */
  readonly meanLargestShare: number;
  /** exp of the entropy of the singular values (Roy & Vetterli 2007); null above 1,024 on both sides, where it would take too long. */
  readonly effectiveRank: number | null;
  /** Statistics of the layer's outputs, after its activation; null without data. */
  readonly activations: {
    /** Share of exact zeros. */
    readonly zeros: number;
    /** (√n − ‖h‖₁/‖h‖₂) / (√n − 1), mean over rows: 0 if all are equal, 1 if only one is active (Hoyer 2004). */
    readonly sparsity: number;
  } | null;
  /** Σ_j E[h_j²] Σ_k w_jk², what dropout penalizes before a dense layer (times q/p, for squared error); null for other layers and without data. */
  readonly activationWeightedNorm: number | null;
}

/** The result of `weightSpread`. */
export interface WeightSpread extends Finding {
  /** Σ w² over all matrices. */
  readonly squaredNorm: number;
  /** One result per matrix. */
  readonly matrices: readonly MatrixSpread[];
  /** Number of rows for the activations; 0 without data. */
  readonly rows: number;
}
