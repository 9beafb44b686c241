/** What the lecture "Understanding Dropout" says, beside what this run shows, whichever way it goes. */
import { percent } from './curves.ts';
import { droppedOf } from './drawing.ts';
import type { Epoch, Picture, Quantity, Twin } from './protocol.ts';

export interface Claim {
  readonly said: string;
  readonly shown: string;
}

/** How often a quantity went up from one epoch to the next. */
const rises = (epochs: readonly Epoch[], twin: Twin, quantity: Quantity): number =>
  epochs.filter((epoch, i) => epoch[twin][quantity] > (epochs[i - 1] ?? epoch)[twin][quantity]).length;

const rose = (n: number): string =>
  n === 0 ? 'never rose' : `rose ${n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`}`;

function thinning(picture: Picture | undefined): string {
  if (!picture) return 'Press Train to see the units that a step leaves out.';
  const hidden = droppedOf(picture).filter(({ name }) => name !== 'input');
  const out = hidden.map(({ dropped, total }) => `${dropped} of ${total}`).join(' and ');
  return `In step ${picture.step + 1}, ${out} hidden units sat out for the digit drawn.`;
}

function usefulness({ plain, regularized }: Epoch): string {
  const gain = plain.validationError - regularized.validationError;
  const outcome =
    gain > 0
      ? 'so far regularization helps'
      : gain < 0
        ? 'so far regularization hurts'
        : 'so far it makes no difference';
  return `Validation minus training loss is ${plain.gap.toFixed(2)} for the plain twin and ${regularized.gap.toFixed(2)} for the regularized one. On validation digits they err on ${percent(plain.validationError)} and ${percent(regularized.validationError)}: ${outcome}. One run is one sample; try other seeds, and 5,000 digits.`;
}

function costs(epochs: readonly Epoch[]): string {
  if (epochs.length < 2) return 'Two epochs are needed to compare.';
  return `Over ${epochs.length} epochs J ${rose(rises(epochs, 'regularized', 'trainCost'))} for the regularized twin and ${rose(rises(epochs, 'plain', 'trainCost'))} for the plain one. Loss and error are therefore drawn with dropout off.`;
}

function norms({ plain, regularized }: Epoch): string {
  const [a, b] = [plain.squaredNorm, regularized.squaredNorm];
  const verdict =
    a === b ? 'the same' : b < a ? 'smaller, as claimed' : 'larger, against the claim, as is common with ReLU and Adam';
  return `Σ w² is ${b.toFixed(0)} in the regularized twin and ${a.toFixed(0)} in the plain one: ${verdict}. L2 and max-norm act on it too; switch them off to see dropout alone.`;
}

export function claims(epochs: readonly Epoch[], picture: Picture | undefined): Claim[] {
  const last = epochs.at(-1);
  const waiting = 'The first epoch will tell.';
  return [
    { said: 'With dropout, every iteration trains a smaller network.', shown: thinning(picture) },
    {
      said: 'With dropout J is not well defined: it need not fall from one iteration to the next.',
      shown: costs(epochs),
    },
    {
      said: 'Dropout is for networks that overfit; without overfitting, leave it out.',
      shown: last ? usefulness(last) : waiting,
    },
    {
      said: 'Dropout spreads out the weights and shrinks their squared norm, as L2 does.',
      shown: last ? norms(last) : waiting,
    },
  ];
}
