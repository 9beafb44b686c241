/**
 * uPlot asks the browser, as it loads, how numbers are written here and which time zone this is. The first to ask such a thing keeps the page for 20 ms,
 * and no chart of these has a use for it: ticks are written by stage/plot.ts, and nothing is a time.
 */
import type { Plugin } from 'vite';

/** As uPlot has it, and what stands in its place. */
const swaps = [
  ["new Intl.NumberFormat(domEnv ? nav.language : 'en-US')", '{ format: String }'],
  ['new Intl.DateTimeFormat().resolvedOptions().timeZone', "'UTC'"],
] as const;

export const lightPlots = (): Plugin => ({
  name: 'light-plots',
  apply: 'build',
  transform: {
    filter: { id: /\/uPlot\.esm\.js$/ },
    handler(code) {
      for (const [from] of swaps)
        if (!code.includes(from)) this.error(`uPlot has no “${from}” any more: see scripts/lightPlots.ts.`);
      return { code: swaps.reduce((changed, [from, to]) => changed.replace(from, () => to), code), map: null };
    },
  },
});
