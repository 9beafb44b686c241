/** What the page holds of a run of this scene. */
import { type Epoch, withReport } from './epochs.ts';
import type { Pair, Report } from './reports.ts';

export class State {
  epochs: readonly Epoch[] = $state.raw([]);
  pairs: readonly Pair[] = $state.raw([]);
  /** The epoch that the newest seed has come to. */
  epoch = $state(0);

  readonly at = (): number => this.epoch || 1;

  readonly clear = (): void => {
    this.epochs = [];
    this.pairs = [];
    this.epoch = 0;
  };

  readonly take = (report: Report): void => {
    if (report.type === 'pair') this.pairs = [...this.pairs, report.pair];
    else {
      this.epoch = report.epoch;
      this.epochs = withReport(this.epochs, report);
    }
  };
}
