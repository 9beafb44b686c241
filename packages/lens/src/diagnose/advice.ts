/** What to do about it, in the lecture's order: bias first, then variance; a bigger network, longer training; more data, regularization. */
import type { DropoutEffect } from './dropoutEffect.ts';
import type { BiasVariance } from './judge.ts';

type Measured = DropoutEffect['verdict'] | 'notMeasured';

/** What a verdict says about dropout, where dropout was measured and where it was not. */
const ofDropout: Readonly<Record<'overfits' | 'others', Readonly<Record<Measured, string>>>> = {
  overfits: {
    notMeasured: 'Regularize: dropout, L2, early stopping.',
    helps: 'Regularize: dropout helps here; L2, early stopping.',
    hurts: 'Regularize by L2 or early stopping; leave dropout out, here it hurts.',
    cannotTell: 'Regularize: L2, early stopping; whether dropout helps cannot be told yet.',
  },
  others: {
    notMeasured: 'No dropout: it is for networks that overfit.',
    helps: 'Dropout helps all the same.',
    hurts: 'Leave dropout out: here it hurts.',
    cannotTell: 'Whether dropout would help or hurt cannot be told yet.',
  },
};

const first: Readonly<Record<BiasVariance, readonly string[]>> = {
  underfits: [
    'A bigger network: more units or layers.',
    'Train longer, or with another optimizer.',
    'Another architecture.',
  ],
  overfits: ['More data, or augmented data.'],
  notConverged: ['Train longer, or at a higher learning rate; then ask again.'],
  leaks: [
    'Look at the split: validation rows that were trained on, duplicates, an easier kind of rows. Until then no number on them can be trusted.',
  ],
  fits: ['Nothing to mend.'],
  cannotTell: ['More validation rows, epochs or seeds; then ask again.'],
};

export function adviceFor(verdict: BiasVariance, dropout: DropoutEffect | null): string[] {
  const measured = dropout?.verdict ?? 'notMeasured';
  const about = ofDropout[verdict === 'overfits' ? 'overfits' : 'others'][measured];
  const silent = measured === 'notMeasured' && !['underfits', 'overfits', 'fits'].includes(verdict);
  return [...first[verdict], ...(silent ? [] : [about])];
}
