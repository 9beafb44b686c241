/** The history of the search, trial by trial. */
import { colors, type Panel } from '@keepprob/lens/page';
import * as Plot from '@observablehq/plot';
import type { Seen, Subject } from '../reported.ts';
import { measured, NONE, stateOf } from '../words.ts';
import { drawnOnEdge, metricAxis } from './metric.ts';
import { rangeOf } from './range.ts';

interface Step {
  readonly number: number;
  readonly best: Seen;
}

/** The best complete trial after each one that ended. */
function bestSoFar({ seen, sign }: Subject): Step[] {
  let best: Seen | undefined;
  return seen.flatMap(trial => {
    const isBetter =
      sign * (trial.dev?.value ?? Number.NaN) < sign * (best?.dev?.value ?? sign * Number.POSITIVE_INFINITY);
    if (trial.isComplete && isBetter) best = trial;
    return best ? [{ number: trial.trial.number, best }] : [];
  });
}

export function historyPanel(subject: Subject): Panel {
  const { found, seen, sign } = subject;
  const steps = bestSoFar(subject);
  const range = rangeOf(
    seen.flatMap(({ dev }) => dev?.value ?? []),
    sign,
  );
  const edge = range.domain[sign === 1 ? 1 : 0];
  const band = steps.map(({ number, best: { dev } }) => {
    const [value, error] = [dev?.value ?? Number.NaN, Number.isFinite(dev?.error) ? (dev?.error ?? 0) : 0];
    return { number, value, low: range.clamp(value - error), high: range.clamp(value + error) };
  });
  const dots = (isShown: (trial: Seen) => boolean) => seen.filter(trial => trial.dev && isShown(trial));
  const at = { x: ({ trial }: Seen) => trial.number, y: ({ dev }: Seen) => range.clamp(dev?.value ?? Number.NaN) };
  const failed = seen.filter(({ trial }) => trial.state === 'failed');
  const off = dots(({ trial, isComplete }) => trial.isOff && isComplete);
  return {
    title: `${found.searched.metric} by trial: complete (red), "off" (blue), pruned (hollow), failed (×), the chosen one ringed; line and band: the best so far ± standard error${drawnOnEdge(range)}`,
    rows: rowsOf(subject, steps),
    options: {
      ...{ height: 240, marginBottom: 40 },
      x: {
        label: 'trial',
        domain: [-0.5, Math.max(1, seen.length) - 0.5],
        tickFormat: 'd',
        ticks: Math.min(8, seen.length),
      },
      y: metricAxis(found.searched, range),
      marks: [
        Plot.areaY(band, {
          x: 'number',
          y1: 'low',
          y2: 'high',
          fill: colors.accent,
          fillOpacity: 0.18,
          curve: 'step-after',
        }),
        Plot.lineY(band, { x: 'number', y: 'value', stroke: colors.accent, strokeWidth: 2, curve: 'step-after' }),
        Plot.dot(
          dots(({ isComplete }) => !isComplete),
          { ...at, r: 2.5, stroke: colors.accent, strokeOpacity: 0.7 },
        ),
        Plot.dot(
          dots(({ trial, isComplete }) => isComplete && !trial.isOff),
          { ...at, r: 2.5, fill: colors.accent },
        ),
        Plot.dot(off, { ...at, r: 4, fill: colors.second }),
        Plot.dot(
          dots(({ trial }) => trial.number === found.chosen?.trial),
          { ...at, r: 7, stroke: colors.ink, strokeWidth: 2 },
        ),
        Plot.dot(failed, { x: at.x, y: () => edge, symbol: 'times', r: 4, stroke: colors.ink }),
      ],
    },
  };
}

function rowsOf({ seen, found }: Subject, steps: readonly Step[]): string[][] {
  const best = new Map(steps.map(step => [step.number, step.best]));
  return [
    ['trial', 'state', found.searched.metric, 'best so far'],
    ...seen.map(trial => {
      const { number } = trial.trial;
      const leader = best.get(number);
      return [
        String(number),
        stateOf(trial),
        measured(trial.dev),
        leader ? `${measured(leader.dev)} (trial ${leader.trial.number})` : NONE,
      ];
    }),
  ];
}
