/** What the page holds of a run of this scene. */
import { Pictures } from '../../stage/pictures.svelte.ts';
import type { Epoch, Example, Look, Picture, Report } from './reports.ts';

export class State {
  epochs: readonly Epoch[] = $state.raw([]);
  readonly pictures: Pictures<Picture>;
  /** The networks as they were last; none before the first epoch. */
  look: Look | undefined = $state.raw();
  /** Stay from run to run. */
  examples: readonly Example[] = $state.raw([]);

  constructor(moving: () => boolean) {
    this.pictures = new Pictures(moving);
  }

  readonly at = (): number => (this.epochs.at(-1)?.epoch ?? 0) + 1;

  readonly clear = (): void => {
    this.epochs = [];
    this.look = undefined;
    this.pictures.clear();
  };

  readonly take = (report: Report): void => {
    if (report.type === 'epoch') this.epochs = [...this.epochs, report.epoch];
    else if (report.type === 'look') this.look = report.look;
    else if (report.type === 'examples') this.examples = report.examples;
    else {
      const { shown } = this.pictures;
      this.pictures.take(report.picture, shown !== undefined && keepProbsOf(shown) !== keepProbsOf(report.picture));
    }
  };
}

const keepProbsOf = ({ layers }: Picture): string => layers.map(({ keepProb }) => keepProb).join();
