/** What the page holds of a run of this scene. */
import type { Iteration, Report } from './reports.ts';

export class State {
  iterations: readonly Iteration[] = $state.raw([]);

  readonly at = (): number => this.iterations.length || 1;

  readonly clear = (): void => {
    this.iterations = [];
  };

  readonly take = (report: Report): void => {
    this.iterations = [...this.iterations, ...report];
  };
}
