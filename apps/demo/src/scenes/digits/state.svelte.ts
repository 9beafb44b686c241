/** What the page holds of a run of this scene. */
import type { Epoch, Picture, Report } from './reports.ts';

export class State {
  epochs: readonly Epoch[] = $state.raw([]);
  picture: Picture | undefined = $state.raw();
  /** The newest picture of the worker, whether it is shown or not. */
  #newest: Picture | undefined;
  /** Whether pictures are shown as they come. Otherwise: the first, and one after every change of a keep.prob. */
  readonly #moving: () => boolean;

  constructor(moving: () => boolean) {
    this.#moving = moving;
  }

  readonly at = (): number => (this.epochs.at(-1)?.epoch ?? 0) + 1;

  readonly clear = (): void => {
    this.epochs = [];
    this.picture = undefined;
    this.#newest = undefined;
  };

  readonly take = (report: Report): void => {
    if (report.type === 'epoch') this.epochs = [...this.epochs, report.epoch];
    else {
      this.#newest = report.picture;
      if (this.#moving() || !this.picture || keepProbsOf(this.picture) !== keepProbsOf(report.picture)) this.show();
    }
  };

  /** Shows the newest picture there is. */
  readonly show = (): void => {
    this.picture = this.#newest;
  };
}

const keepProbsOf = ({ layers }: Picture): string => layers.map(({ keepProb }) => keepProb).join();
