/** What the page holds of a run of this scene. */
import type { Chosen, Compared, Report, Space } from './reports.ts';
import { type Trial, withUnit } from './trials.ts';

export class State {
  trials: readonly Trial[] = $state.raw([]);
  chosen: Readonly<Partial<Record<Space, Chosen>>> = $state.raw({});
  compared: Compared | undefined = $state.raw();
  /** Trainings done, and how many there are in all, by search. */
  progress: Readonly<Partial<Record<Space, { readonly done: number; readonly total: number }>>> = $state.raw({});

  readonly at = (): number => 1;

  readonly clear = (): void => {
    this.trials = [];
    this.chosen = {};
    this.compared = undefined;
    this.progress = {};
  };

  readonly take = (report: Report): void => {
    if (report.type === 'chosen') this.chosen = { ...this.chosen, [report.chosen.space]: report.chosen };
    else if (report.type === 'compared') this.compared = report.compared;
    else {
      const { unit, done, total } = report;
      this.trials = withUnit(this.trials, unit);
      this.progress = { ...this.progress, [unit.space]: { done, total } };
    }
  };
}
