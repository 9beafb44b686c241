/** The table behind the charts. */
import type { Row } from '../../stage/table.ts';
import { type Instant, networks, titles } from './reports.ts';

export const quantities: readonly (readonly [string, string])[] = networks.flatMap(network => [
  [`train-${network}`, `Training error, ${titles[network]}`],
  [`dev-${network}`, `Dev error, ${titles[network]}`],
  [`cost-${network}`, `J, ${titles[network]}`],
]);

/** One for each look; of several seeds the mean, the least and the most. */
export function rowsOf(instants: readonly Instant[], seeds: number): Row[] {
  const kinds = [
    ['middle', seeds > 1 ? `mean of ${seeds}` : 'all'],
    ...(seeds > 1 ? [['lower', 'least'] as const, ['upper', 'most'] as const] : []),
  ] as const;
  return instants.flatMap(({ iteration, over }) =>
    kinds.map(([edge, kind]) => ({
      position: String(iteration),
      kind,
      values: networks.flatMap(name => [over[name].train[edge], over[name].dev[edge], over[name].cost[edge]]),
    })),
  );
}
