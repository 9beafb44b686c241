/** The importance of each dimension as bars. */
import { clipped, colors, nameMargin, type Panel } from '@keepprob/lens/page';
import * as Plot from '@observablehq/plot';
import type { Importance } from '../../importance/importance.ts';

type Measured = Extract<Importance, { kind: 'measured' }>;

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The most important one first. */
export const ranking = ({ shares }: Measured): [name: string, share: number][] =>
  Object.entries(shares).sort(([, a], [, b]) => b - a);

/** Maximum number of bars. */
const MOST = 20;

export function importancePanel(found: Measured): Panel {
  const all = ranking(found);
  const shown = all.slice(0, MOST).map(([name, share], i) => ({ i, name, share }));
  const rest = all.length > MOST ? `, the first ${MOST} of ${all.length}` : '';
  return {
    title: `Share of each parameter in being among the best ${found.best} of ${found.trials} trials (PED-ANOVA)${rest}`,
    rows: [['parameter', 'share'], ...all.map(([name, share]) => [name, percent(share)])],
    options: {
      height: 50 + 24 * shown.length,
      marginLeft: nameMargin(shown.map(({ name }) => name)),
      marginRight: 48,
      marginBottom: 40,
      x: {
        label: 'share in %',
        domain: [0, 1],
        tickFormat: (share: number) => String(Math.round(100 * share)),
        grid: true,
      },
      y: {
        label: null,
        domain: shown.map(({ i }) => i),
        tickFormat: (i: number) => clipped(shown[i]?.name ?? ''),
        tickSize: 0,
      },
      marks: [
        Plot.barX(shown, { y: 'i', x: 'share', fill: colors.second, insetTop: 3, insetBottom: 3 }),
        Plot.text(shown, { y: 'i', x: 'share', text: ({ share }) => percent(share), textAnchor: 'start', dx: 5 }),
        Plot.ruleX([0]),
      ],
    },
  };
}
