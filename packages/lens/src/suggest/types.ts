/** Types of the result of `suggestKeepProbs`. */
import type { Finding } from '../finding/finding.ts';

/** A kind of dropout, by the name of its factory. */
export type Technique = 'dropout' | 'spatialDropout1D' | 'spatialDropout2D' | 'spatialDropout3D' | 'recurrentDropout';

/** The suggestion for one layer. */
export interface Suggestion {
  /** The layer with the weights. */
  readonly layer: string;
  /** The layer after which dropout goes: the last activation, normalization or pooling after it. */
  readonly behind: string;
  /** The kind of dropout; null for none. */
  readonly technique: Technique | null;
  /** Its keepProb; 1 for none. */
  readonly keepProb: number;
  /** The existing dropouts there, with their keepProbs; null for a schedule. */
  readonly now: readonly { readonly name: string; readonly keepProb: number | null }[];
  /** Number of parameters of its matrices. */
  readonly size: number;
  /** `size` as a share of that of the largest matrix of the model. */
  readonly share: number;
  /** The reason, in a sentence. */
  readonly reason: string;
}

/** The result of `suggestKeepProbs`. */
export interface SuggestedKeepProbs extends Finding {
  /** For `keepProbs(model, …)` of @keepprob/dropout: every layer after which plain dropout could go but there is none yet; 1 inserts nothing. */
  readonly keepProbs: Readonly<Record<string, number>>;
  /** For `setKeepProb(model, …)`: the model's existing dropouts, by name, whose keepProb should change. */
  readonly set: Readonly<Record<string, number>>;
  /** For the option `input` of `keepProbs`. */
  readonly input: number;
  /** One suggestion per layer with weights, including the output. */
  readonly layers: readonly Suggestion[];
  /** What could not be taken into account. */
  readonly warnings: readonly string[];
}
