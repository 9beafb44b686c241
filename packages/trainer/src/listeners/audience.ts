/** The receivers of a run's events: the display and the listeners. */
import type { Weight } from '@keepprob/core';
import type { RunListener } from './listener.ts';
import { displayOf, type FitEvent, type Progress } from './progress.ts';

export interface Audience {
  /** Notifies them one after the other and waits for each, so that nothing changes while they read it. */
  tell(event: FitEvent): Promise<void>;
  /** Called on every exit. Closes all of them, even if closing one fails. */
  leave(): Promise<void>;
}

export async function openAudience(
  progress: Progress,
  listeners: readonly RunListener[],
  weights: readonly Weight[],
): Promise<Audience> {
  const display = await displayOf(progress);
  return {
    async tell(event) {
      await display.tell(event);
      for (const listener of listeners) await listener({ ...event, weights });
    },
    async leave() {
      display.stop();
      const closed = await Promise.allSettled(listeners.map(async listener => listener.close?.()));
      for (const result of closed) if (result.status === 'rejected') throw result.reason;
    },
  };
}
