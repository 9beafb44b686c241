import type { Weight } from '@keepprob/core';
import type { FitEvent } from './progress.ts';

/** An event of `fit`, with the weights as they are now where it has them. */
export type RunEvent = FitEvent & { readonly weights?: readonly Weight[] };

/**
 * Listens to a run and changes no tensor. `fit` waits for it, so the weights do not change while it reads them, and closes it on every exit. A listener
 * can be used for several runs, one after the other.
 */
export interface RunListener {
  /** Gets every event of the run. */
  (event: RunEvent): void | Promise<void>;
  /** Called on every exit of `fit`. */
  close?(): void | Promise<void>;
}

/** Whether what was said of an earlier run still holds for one that begins with `begin`: one that resumes says again all that came later. */
export const holds = (said: Pick<RunEvent, 'type' | 'epoch' | 'step'>, begin: RunEvent): boolean =>
  said.step <= begin.step && !(said.type === 'epoch' && said.epoch >= begin.epoch);
