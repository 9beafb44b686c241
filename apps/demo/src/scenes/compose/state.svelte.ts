/** What the page holds of a run of this scene. */

import type { Report, Round } from './reports.ts';
import { type Running, withRounds } from './running.ts';

export class State {
  rounds: readonly Round[] = $state.raw([]);
  /** The time of a step as it was known after each round. */
  running: readonly Running[] = $state.raw([]);

  readonly at = (): number => this.rounds.length || 1;

  readonly clear = (): void => {
    this.rounds = [];
    this.running = [];
  };

  readonly take = (report: Report): void => {
    this.rounds = [...this.rounds, ...report];
    this.running = withRounds(this.running, this.rounds);
  };
}
