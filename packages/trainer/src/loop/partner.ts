/** Who takes the steps of a run: this thread on its own, or several workers together. */
import type { Weight } from '@keepprob/core';
import type { TakePass } from '@keepprob/core/driver';

/** What may end training before its last epoch. */
export interface Cause {
  /** In words. */
  readonly why: string;
  /** Whether it does now; once it does, it does so for good. */
  holds(): boolean;
}

export interface Partner {
  /** Of a run that has none from its options or its checkpoint. */
  readonly seed: number | undefined;
  /** Whether it saves the run and tells of it, for all of them. */
  readonly leads: boolean;
  /** Whether it may leave at any moment: nobody waits for its part of a step. */
  readonly isFree: boolean;
  /** Told each time that the run was saved: up to which update. */
  saved(step: number): void;
  /** Before the first step: all of them start from the same weights. */
  align(weights: readonly Weight[]): void;
  /** Each pass of a step; the result is that of the whole batch. */
  readonly take: TakePass;
  /** Why training ends before the next step; the same for all of them. */
  interrupted(): string | undefined;
  /** The same, asked by all of them at one place between steps: what holds for one of them by now. */
  agreed(): string | undefined;
}

/** The partner of a run that these causes may end. */
export type Partnership = (causes: readonly Cause[]) => Partner;

/** What a partner is told of the run. */
export interface RunFacts {
  readonly seed?: number;
  readonly saved?: (step: number) => void;
}

/** No one else. */
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
