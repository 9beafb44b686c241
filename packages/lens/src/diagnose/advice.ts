/** Advice in the lecture's order: bias first, then variance; a bigger network, longer training; more data, regularization. */
import type { DropoutEffect } from './dropoutEffect.ts';
import type { BiasVariance } from './judge.ts';

type Measured = DropoutEffect['verdict'] | 'notMeasured';

/** Advice about dropout, by verdict and by whether its effect was measured. */
const ofDropout: Readonly<Record<'overfits' | 'others', Readonly<Record<Measured, string>>>> = {
  overfits: {
    notMeasured: 'Regularize: dropout, L2, early stopping.',
    helps: 'Regularize: dropout helps here; L2, early stopping.',
    hurts: 'Regularize with L2 or early stopping; leave dropout out, it hurts here.',
    cannotTell: 'Regularize: L2, early stopping; it is too early to tell whether dropout helps.',
  },
  others: {
    notMeasured: 'No dropout: it is for networks that overfit.',
    helps: 'Dropout helps all the same.',
    hurts: 'Leave dropout out: it hurts here.',
    cannotTell: 'It is too early to tell whether dropout would help or hurt.',
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
    'Check the split for validation rows that were trained on, duplicates, or an easier kind of row. Until then no number on them can be trusted.',
  ],
  fits: ['Nothing to fix.'],
  cannotTell: ['More validation rows, epochs or seeds; then ask again.'],
};

export function adviceFor(verdict: BiasVariance, dropout: DropoutEffect | null): string[] {
  const measured = dropout?.verdict ?? 'notMeasured';
  const about = ofDropout[verdict === 'overfits' ? 'overfits' : 'others'][measured];
  const silent = measured === 'notMeasured' && !['underfits', 'overfits', 'fits'].includes(verdict);
  return [...first[verdict], ...(silent ? [] : [about])];
}
