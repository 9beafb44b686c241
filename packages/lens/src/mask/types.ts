/** Types of the result of `showMask`. */
import type { Finding } from '../finding/finding.ts';
import type { Column, Thinned } from './thinned.ts';

/** One dropout at one step, for one row of the batch. */
export interface ShownDropout {
  /** Name of the layer. */
  readonly name: string;
  /** Its keepProb at this step. */
  readonly keepProb: number;
  /** Shape of a row's mask. */
  readonly shape: readonly number[];
  /** 1 for an element that was kept. */
  readonly kept: Uint8Array;
  /** In how many of the steps 0 … step each element was kept, in this row. */
  readonly seen: Uint32Array;
  /** Σ keepProb over these steps: the expected value of `seen`. */
  readonly expected: number;
}

/** The result of `showMask`. */
export interface ShownMask extends Finding {
  /** Index of the update, from 0. */
  readonly step: number;
  /** Index of the row in the batch. */
  readonly row: number;
  /** The mask of each dropout. */
  readonly dropouts: readonly ShownDropout[];
  /** How many parameters of the model are trained, and how many of them this row could train at this step. */
  readonly parameters: Thinned;
  /** The units of input and dense layers, if the model is a chain of them; otherwise empty. */
  readonly columns: readonly Column[];
  /** Dropouts whose masks cannot be drawn again, with the reason; they count as keeping everything. */
  readonly unknown: readonly string[];
  /** What could not be shown. */
  readonly warnings: readonly string[];
}
