import { figures, notes, table } from '@keepprob/lens/page';
import { historyPanel } from '../panels/history.ts';
import type { Subject } from '../reported.ts';
import type { Section } from '../section.ts';
import { counted } from '../words.ts';

export const history: Section = {
  name: 'history',
  question: 'How did the search go?',
  async answer(subject) {
    const { found, seen, ranked } = subject;
    const count = (state: string): number => found.trials.filter(trial => trial.state === state).length;
    const [pruned, failed, running] = [count('pruned'), count('failed'), count('running')];
    const parts = [
      `${counted(found.trials.length, 'trial')}: ${ranked.length} complete`,
      ...(pruned > 0 ? [`${pruned} pruned, as they could not win`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(running > 0 ? [`${running} not over`] : []),
    ];
    const [best] = ranked;
    const last = best && ranked.length > 1 ? ` The best of them was trial ${best.trial.number}.` : '';
    const stopped = found.stopped === null ? '' : ` It ended early: ${found.stopped}.`;
    return {
      verdict: `${parts.join(', ')}.${last}${stopped}`,
      tone: failed > 0 ? 'act' : 'plain',
      body: [
        ...(seen.length > 0 ? await figures([historyPanel(subject)]) : []),
        ...table(reasons(subject)),
        ...notes(pruned > 0 ? ['The value of a pruned trial is its mean over the folds that it was measured on.'] : []),
      ],
    };
  },
};

/** Failed trials by reason. */
function reasons({ found }: Subject): string[][] {
  const numbers = new Map<string, number[]>();
  for (const trial of found.trials) {
    if (trial.state !== 'failed') continue;
    const reason = trial.reason || 'no reason is known';
    numbers.set(reason, [...(numbers.get(reason) ?? []), trial.number]);
  }
  return [['why trials failed', 'trials'], ...[...numbers].map(([reason, list]) => [reason, list.join(', ')])];
}
