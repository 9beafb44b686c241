/** The axis of the metric. */
import type { Searched } from '../../study/found/found.ts';
import type { Range } from './range.ts';

/** The name of the metric, and whether less or more is better. */
export const metricLabel = ({ metric, mode }: Searched): string =>
  `${metric}, ${mode === 'min' ? 'less' : 'more'} is better`;

/** The metric as a vertical axis. */
export const metricAxis = (searched: Searched, { domain }: Range) => ({
  ...{ label: metricLabel(searched), labelArrow: 'none' as const },
  ...{ grid: true, domain: [...domain], ticks: 5 },
});

/** A note for the title about values beyond the axis. */
export const drawnOnEdge = ({ beyond }: Range): string =>
  beyond > 0 ? `; ${beyond} beyond the edge are drawn on it` : '';
