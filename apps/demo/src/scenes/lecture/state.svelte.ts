/** What the page holds of a run of this scene. */
import { type Instant, type Lambdas, type Network, networks, type Report } from './reports.ts';

/** The numbers of one look, for the curves. */
export interface Numbers {
  readonly iteration: number;
  readonly train: Readonly<Record<Network, number>>;
  readonly dev: Readonly<Record<Network, number>>;
}

const mean = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;

/** Looks between two pictures where motion is unwelcome. */
const stillEvery = 25;

export class State {
  numbers: readonly Numbers[] = $state.raw([]);
  /** What is drawn. */
  shown: Instant | undefined = $state.raw();
  newest: Instant | undefined = $state.raw();
  lambdas: Lambdas | undefined = $state.raw();
  /** Stays from run to run: it depends on the network's sizes alone. */
  suggestion: Extract<Report, { type: 'suggestion' }> | undefined = $state.raw();
  readonly #moving: () => boolean;

  constructor(moving: () => boolean) {
    this.#moving = moving;
  }

  readonly at = (): number => this.numbers.at(-1)?.iteration ?? 1;

  readonly clear = (): void => {
    this.numbers = [];
    this.shown = undefined;
    this.newest = undefined;
    this.lambdas = undefined;
  };

  readonly take = (report: Report): void => {
    if (report.type === 'suggestion') this.suggestion = report;
    else if (report.type === 'lambdas') this.lambdas = report.lambdas;
    else this.#look(report.instant);
  };

  readonly show = (): void => {
    this.shown = this.newest;
  };

  #look(instant: Instant): void {
    const { iteration, looks } = instant;
    this.newest = instant;
    if (this.#moving() || !this.shown || this.numbers.length % stillEvery === 0) this.shown = instant;
    const { whole, thinned } = looks;
    this.numbers = [
      ...this.numbers,
      {
        iteration,
        train: { whole: whole.trainError, thinned: thinned.trainError },
        dev: { whole: mean(whole.wrongDev), thinned: mean(thinned.wrongDev) },
      },
    ];
  }
}

export const columnsOf = (numbers: readonly Numbers[]): number[][] => [
  numbers.map(({ iteration }) => iteration),
  ...(['train', 'dev'] as const).flatMap(set => networks.map(name => numbers.map(found => found[set][name]))),
];
