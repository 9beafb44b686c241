/** What the page holds of a run of this scene. */
import { Pictures } from '../../stage/pictures.svelte.ts';
import { errorOf } from '../../stage/statistics.ts';
import { type Instant, type Lambdas, type Network, networks, type Report } from './reports.ts';

/** The numbers of one look, for the curves. */
export interface Numbers {
  readonly iteration: number;
  readonly train: Readonly<Record<Network, number>>;
  readonly dev: Readonly<Record<Network, number>>;
  readonly cost: Readonly<Record<Network, number>>;
}

/** Looks between two pictures where motion is unwelcome. */
const stillEvery = 25;

export class State {
  numbers: readonly Numbers[] = $state.raw([]);
  readonly pictures: Pictures<Instant>;
  /** As measured last. */
  lambdas: { readonly iteration: number; readonly lambdas: Lambdas } | undefined = $state.raw();
  /** Stays from run to run: it depends on the network's sizes alone. */
  suggestion: Extract<Report, { type: 'suggestion' }> | undefined = $state.raw();

  constructor(moving: () => boolean) {
    this.pictures = new Pictures(moving);
  }

  readonly at = (): number => this.numbers.at(-1)?.iteration ?? 1;

  readonly clear = (): void => {
    this.numbers = [];
    this.pictures.clear();
    this.lambdas = undefined;
  };

  readonly take = (report: Report): void => {
    if (report.type === 'suggestion') this.suggestion = report;
    else if (report.type === 'lambdas') this.lambdas = report;
    else this.#look(report.instant);
  };

  #look(instant: Instant): void {
    const { iteration, looks } = instant;
    this.pictures.take(instant, this.numbers.length % stillEvery === 0);
    const { whole, thinned } = looks;
    this.numbers = [
      ...this.numbers,
      {
        iteration,
        train: { whole: whole.trainError, thinned: thinned.trainError },
        dev: { whole: errorOf(whole.wrongDev), thinned: errorOf(thinned.wrongDev) },
        cost: { whole: whole.cost, thinned: thinned.cost },
      },
    ];
  }
}

export const columnsOf = (numbers: readonly Numbers[]): number[][] => [
  numbers.map(({ iteration }) => iteration),
  ...(['train', 'dev'] as const).flatMap(set => networks.map(name => numbers.map(found => found[set][name]))),
];
