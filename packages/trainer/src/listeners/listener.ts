import type { Weight } from '@keepprob/core';
import type { FitEvent } from './progress.ts';

/** An event of `fit`, with the current weights if available. */
export type RunEvent = FitEvent & { readonly weights?: readonly Weight[] };

/**
 * Listens to a run and changes no tensor. `fit` waits for it, so the weights do not change while it reads them, and closes it on every exit. A listener
 * can be used for several runs, one after the other.
 */
export interface RunListener {
  /** Receives every event of the run. */
  (event: RunEvent): void | Promise<void>;
  /** Called on every exit of `fit`. */
  close?(): void | Promise<void>;
}

/** Whether what was reported about an earlier run is still valid for one that begins with `begin`: a resumed run reports everything later again. */
export const holds = (said: Pick<RunEvent, 'type' | 'epoch' | 'step'>, begin: RunEvent): boolean =>
  said.step <= begin.step && !(said.type === 'epoch' && said.epoch >= begin.epoch);
