/** Takes the steps of a run: this thread alone, or several workers together. */
import type { Weight } from '@keepprob/core';
import type { TakePass } from '@keepprob/core/driver';

/** What may end training before its last epoch. */
export interface Cause {
  /** A description of the cause. */
  readonly why: string;
  /** Whether the cause holds now; once it does, it holds for good. */
  holds(): boolean;
}

export interface Partner {
  /** The seed of a run that gets none from its options or its checkpoint. */
  readonly seed: number | undefined;
  /** Whether it saves the run and reports its events, for all of them. */
  readonly leads: boolean;
  /** Whether it may stop at any moment, since nothing waits for its part of a step. */
  readonly isFree: boolean;
  /** Called each time the run was saved, with the update up to which it is saved. */
  saved(step: number): void;
  /** Called before the first step, so that all of them start from the same weights. */
  align(weights: readonly Weight[]): void;
  /** Takes each pass of a step; the result is that of the whole batch. */
  readonly take: TakePass;
  /** Why training ends before the next step; the same for all of them. */
  interrupted(): string | undefined;
  /** The same, called by all of them at one point between steps: a cause that holds for any of them by now. */
  agreed(): string | undefined;
}

/** Makes the partner of a run that these causes may end. */
export type Partnership = (causes: readonly Cause[]) => Partner;

/** Facts about the run that a partner gets. */
export interface RunFacts {
  readonly seed?: number;
  readonly saved?: (step: number) => void;
}

/** The partner of a run in a single thread. */
export const alone =
  ({ seed, saved = () => undefined }: RunFacts = {}): Partnership =>
  causes => {
    const interrupted = (): string | undefined => causes.find(cause => cause.holds())?.why;
    return {
      seed,
      leads: true,
      isFree: true,
      saved,
      align: () => undefined,
      take: (pass, part, rows) => pass(part, rows),
      interrupted,
      agreed: interrupted,
    };
  };
