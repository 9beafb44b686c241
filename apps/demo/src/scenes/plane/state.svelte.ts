/** What the page holds of a run of this scene. */
import { bandsOf, type Columns, type Figure } from '../../stage/figure.ts';
import { Pictures } from '../../stage/pictures.svelte.ts';
import type { Spread } from '../../stage/spread.ts';
import { type Instant, type Network, networks, type Report } from './reports.ts';

export const instantOf = ({ iteration, over }: Report): Instant => ({ iteration, over });

/** Looks between two pictures where motion is unwelcome. */
const stillEvery = 25;

export class State {
  instants: readonly Instant[] = $state.raw([]);
  readonly pictures: Pictures<Report>;

  constructor(moving: () => boolean) {
    this.pictures = new Pictures(moving);
  }

  readonly at = (): number => this.instants.at(-1)?.iteration ?? 1;

  readonly clear = (): void => {
    this.instants = [];
    this.pictures.clear();
  };

  readonly take = (report: Report): void => {
    this.pictures.take(report, this.instants.length % stillEvery === 0);
    this.instants = [...this.instants, instantOf(report)];
  };
}

export type Quantity = 'train' | 'dev' | 'cost';

/** Of the three networks, with the bands that the figure has. */
export function columnsOf(instants: readonly Instant[], { lines }: Figure, quantity: Quantity): Columns {
  const column = (name: Network | undefined, edge: keyof Spread): number[] =>
    instants.map(({ over }) => (name ? over[name][quantity][edge] : Number.NaN));
  return [
    instants.map(({ iteration }) => iteration),
    ...networks.map(name => column(name, 'middle')),
    ...bandsOf(lines).flatMap(({ line }) => [column(networks[line], 'lower'), column(networks[line], 'upper')]),
  ];
}
