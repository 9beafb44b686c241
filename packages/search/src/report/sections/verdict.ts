import { differencePanel, figures, notes, short, type Tone, table } from '@keepprob/lens/page';
import type { AgainstOff } from '../../study/found/found.ts';
import { verdictOf } from '../../study/found/verdict.ts';
import type { Reported, Subject } from '../reported.ts';
import type { Section } from '../section.ts';
import { counted, interval, NONE, optionsInWords, pm } from '../words.ts';

const tones: Readonly<Record<AgainstOff['verdict'], Tone>> = { helps: 'good', hurts: 'act', cannotTell: 'open' };

/** Why the numbers are too good; null if they are not. */
const flattered = ({ chosen }: Reported): string | null =>
  chosen && !chosen.isConfirmed
    ? 'It was not confirmed on fresh folds: it rests on the folds that the choice was made by, so it is likely too good for the chosen one.'
    : null;

export const verdict: Section = {
  name: 'verdict',
  question: 'Does regularization help here?',
  async answer(subject) {
    const { found } = subject;
    const { chosen, against } = found;
    const body = [...table(restsOn(subject))];
    if (!chosen)
      return {
        verdict: standing(subject),
        tone: subject.ranked.length > 0 ? 'open' : 'act',
        body,
        unknown: [standing(subject)],
      };
    const { off } = against;
    const said = verdictOf({ ...found, chosen });
    const flattery = flattered(found);
    if (!off) return { verdict: said, tone: 'open', body, unknown: [said] };
    return {
      verdict: flattery ? `${said} ${flattery}` : said,
      tone: tones[off.verdict],
      body: [...(await figures(panelsOf(subject, off))), ...table(rowsOf(subject, off)), ...body, ...notes([READING])],
      unknown: [...(off.verdict === 'cannotTell' ? [said] : []), ...(flattery ? [flattery] : [])],
    };
  },
};

const READING =
  'How to read this: both were trained on the same folds with the same seeds, and the difference is taken fold by fold. Folds share rows, so its standard error is enlarged (Nadeau & Bengio 2003). The interval contains the difference with a confidence of 95 %, jointly for all trials that might have been chosen.';

/** The state of a search that is not over. */
function standing({ found: { trials, searched }, ranked }: Subject): string {
  const failed = trials.filter(({ state }) => state === 'failed').length;
  if (trials.length === 0) return 'Cannot tell: no trial has begun.';
  if (failed === trials.length)
    return `Nothing was found: ${failed === 1 ? 'the only trial' : `all ${failed} trials`} failed.`;
  const [best] = ranked;
  const done = best?.dev
    ? `The best so far is trial ${best.trial.number}, ${searched.metric} ${pm(best.dev.value, best.dev.error)}, which is flattered by luck.`
    : 'No trial is complete yet.';
  return `Cannot tell: the search is not over. ${done} Whether regularization helps is measured at its end, on fresh folds.`;
}

const panelsOf = ({ found, sign }: Subject, { difference, interval: [low, high] }: AgainstOff) =>
  Number.isFinite(low) && Number.isFinite(high)
    ? [
        differencePanel({
          title: `${found.searched.metric}, with regularization − without, and its interval`,
          ...{
            value: difference,
            interval: [low, high] as const,
            better: sign === 1 ? ('less' as const) : ('more' as const),
          },
        }),
      ]
    : [];

function rowsOf({ found, seen }: Subject, off: AgainstOff): string[][] {
  const { chosen, searched } = found;
  const of = (number: number): string => {
    const trial = seen[number];
    const mean = chosen?.isConfirmed ? trial?.fresh : trial?.dev;
    return mean ? pm(mean.value, mean.error) : NONE;
  };
  return [
    ['', `with (trial ${off.trial})`, `without (trial ${off.off})`, 'difference', 'interval'],
    [searched.metric, of(off.trial), of(off.off), pm(off.difference, off.error), interval(off.interval)],
  ];
}

/** The evidence behind the verdict: rows, folds, seeds, trials, units. */
function restsOn({ found, seen, ranked }: Subject): string[][] {
  const { searched, chosen, trials, seed } = found;
  const { folds, pairs, freshPairs, rows, scale } = searched;
  const options = optionsInWords(folds.options);
  const units = trials.flatMap(trial => trial.units);
  const states = (['pruned', 'failed', 'running'] as const).flatMap(state => {
    const count = trials.filter(trial => trial.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  const fresh = chosen?.isConfirmed
    ? `${counted(chosen.units, 'fresh pair')} of fold and seed, for ${counted(seen.filter(trial => trial.fresh && trial.fresh.count === freshPairs.length).length, 'trial')}`
    : 'not measured';
  return [
    ['evidence', ''],
    ...(rows === null ? [] : [['rows', rows.toLocaleString('en')]]),
    ['trials', [`${ranked.length} complete`, ...states].join(', ')],
    [
      'folds of the search',
      `${counted(pairs.length, 'pair')} of fold and seed, the same for every trial (${folds.name}${options ? `: ${options}` : ''})`,
    ],
    ['confirmed on', fresh],
    [
      'trainings',
      `${units.length.toLocaleString('en')}, ${short(units.reduce((sum, unit) => sum + unit.seconds, 0))} s in all`,
    ],
    ['computed by', [...new Set(units.map(({ backend }) => backend))].join(', ') || NONE],
    ['scaling', scale ?? 'none'],
    ['seed', String(seed)],
  ];
}
