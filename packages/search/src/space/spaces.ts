/** Spaces as tagged JSON: they can be anywhere in a config, in place of the value to search. */

interface Shared {
  /** Places with the same name here get one value, like the lecture's single keep.prob for several layers. By default each place has its own value. */
  readonly share?: string;
}

/** Options of a space of numbers. */
export interface OrderedOptions extends Shared {
  /** Whether to search on a logarithmic scale, for strengths and learning rates; false by default. `low` must then be above 0. */
  readonly log?: boolean;
  /** Only low, low + step, low + 2 step, … up to `high` are tried. By default a `float` can be any number, and an `int` any integer. */
  readonly step?: number;
  /** The value that switches the regularizer off, such as λ = 0. It need not lie between the bounds. None by default. */
  readonly off?: number;
}

/** A number between two bounds, both included. */
export interface FloatSpace extends OrderedOptions {
  /** A number. */
  readonly space: 'float';
  /** Smallest value. */
  readonly low: number;
  /** Largest value. */
  readonly high: number;
}

/** An integer between two bounds, both included. */
export interface IntSpace extends OrderedOptions {
  /** An integer. */
  readonly space: 'int';
  /** Smallest value. */
  readonly low: number;
  /** Largest value. */
  readonly high: number;
}

/** The probability that a unit is kept. Its "off" is 1. */
export interface KeepProbSpace extends Shared {
  /** The probability that a unit is kept. */
  readonly space: 'keepProb';
  /** Smallest value. */
  readonly low: number;
  /** Largest value. */
  readonly high: number;
}

/** One of several values, which have no order. A value may contain more spaces, which are searched only in trials that take it. */
export interface ChoiceSpace<V = unknown> extends Shared {
  /** One of several values. */
  readonly space: 'choice';
  /** The values. */
  readonly of: readonly V[];
  /** The value that switches the regularizer off, one of `of`. None by default. */
  readonly off?: unknown;
}

/** A space in a config, in place of a value. */
export type Space = FloatSpace | IntSpace | KeepProbSpace | ChoiceSpace;
