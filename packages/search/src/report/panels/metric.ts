/** The metric as an axis of a picture. */
import type { Searched } from '../../study/found/found.ts';
import type { Range } from './range.ts';

/** Its name, and whether less or more is better. */
export const metricLabel = ({ metric, mode }: Searched): string =>
  `${metric}, ${mode === 'min' ? 'less' : 'more'} is better`;

/** From bottom to top. */
export const metricAxis = (searched: Searched, { domain }: Range) => ({
  ...{ label: metricLabel(searched), labelArrow: 'none' as const },
  ...{ grid: true, domain: [...domain], ticks: 5 },
});

/** What a title says of values that the axis does not reach. */
export const drawnOnEdge = ({ beyond }: Range): string =>
  beyond > 0 ? `; ${beyond} beyond the edge are drawn on it` : '';
