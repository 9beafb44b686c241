/** What walks came to, as a table of the page. */
import { between, type Walked } from './walk.ts';

const percent = (share: number, digits = 1): string => (100 * share).toFixed(digits);
const points = (share: number): string => `${share > 0 ? '+' : share < 0 ? '−' : ''}${percent(Math.abs(share))}`;
const range = (low: number, high: number): string => `${points(low)} … ${points(high)}`;
const verdicts = { helps: 'helps', hurts: 'hurts', cannotTell: 'cannot tell' } as const;

const columns: Readonly<Record<string, (walked: Walked) => string>> = {
  'keep.prob': ({ space, dimensions }) => `${space} (${dimensions})`,
  'trials (pruned)': ({ trials, pruned }) => `${trials} (${pruned})`,
  'units: search + confirm': ({ units }) => units.join(' + '),
  'core seconds': ({ coreSeconds }) => coreSeconds.toFixed(0),
  chosen: ({ chosen }) =>
    Object.values(chosen.point)
      .map(value => `${+value.toFixed(3)}`)
      .join(', '),
  'least error in the search %': ({ looked }) => percent(looked),
  'dev error of the chosen, fresh folds %': ({
    chosen: {
      value,
      interval: [low, high],
    },
  }) => `${percent(1 - value)} (${percent(1 - high)} … ${percent(1 - low)})`,
  'with − without, points': ({ off }) =>
    off ? `${points(-off.difference)} (${range(-off.interval[1], -off.interval[0])}): ${verdicts[off.verdict]}` : '–',
  'error on rows nobody saw %': ({ test }) => percent(test),
};

export function walkTable(walks: readonly (readonly Walked[])[]): string {
  const names = Object.keys(columns);
  const all = walks.flatMap((walked, i) => walked.map(one => ({ one, draw: i + 1 })));
  const withDraw = walks.length > 1;
  const header = [...(withDraw ? ['draw'] : []), ...names];
  const rows = all.map(({ one, draw }) => [
    ...(withDraw ? [`${draw}`] : []),
    ...Object.values(columns).map(cell => cell(one)),
  ]);
  return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** One keep.prob for each layer beside one for some, in a sentence for each draw. */
export function betweenText(walks: readonly (readonly Walked[])[]): string {
  const said = walks.flatMap(([one, each]) => {
    if (!one || !each) return [];
    const { difference, interval, verdict } = between(one, each);
    return `${points(difference)} (${range(...interval)}): ${verdicts[verdict]}`;
  });
  return `One for each − one for some, in pairs on the same ${walks[0]?.[0]?.fresh.results.length} fresh folds and seeds, points of dev error: ${said.join('; ')}.`;
}
