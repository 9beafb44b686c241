/** The words of these pages, each in a sentence or two. */

export interface Term {
  readonly term: string;
  /** How it is written in texts, where that is not the term itself. */
  readonly also?: readonly string[];
  readonly meaning: string;
}

export const terms: readonly Term[] = [
  {
    term: 'keep.prob',
    also: ['keep.probs', 'keepProb'],
    meaning: 'The probability that dropout keeps a unit in a step. 1 keeps all; 0.8 drops about one in five.',
  },
  {
    term: 'dropout',
    meaning:
      'In each training step some units are left out at random, and the others are scaled up to make up for it. When the network is used, all of them take part.',
  },
  {
    term: 'mask',
    also: ['masks'],
    meaning:
      'Which units a step keeps and which it drops: a list of ones and zeros, drawn anew for every step and example.',
  },
  {
    term: 'thinned network',
    also: ['thinned'],
    meaning: 'The smaller network that is left in a step when the dropped units are taken out.',
  },
  {
    term: 'unit',
    meaning:
      'One of the small sums that a layer is made of: its inputs times its weights, then an activation such as ReLU.',
  },
  {
    term: 'weight',
    also: ['weights'],
    meaning:
      'A number that training changes: how much one unit listens to another. Those between two layers are a matrix.',
  },
  {
    term: 'regularization',
    also: ['regularized', 'regularizes'],
    meaning:
      'Whatever makes a network err less on data that it has not seen, often at the price of fitting the training data less.',
  },
  {
    term: 'overfitting',
    also: ['overfit', 'overfits'],
    meaning:
      'A network overfits where it has learned its training data by heart: it errs little there, and much on others.',
  },
  {
    term: 'training error',
    meaning: 'The share of the training examples that the network gets wrong.',
  },
  {
    term: 'dev error',
    also: ['dev points', 'dev digits', 'dev set', 'dev'],
    meaning:
      'The share of examples that the network gets wrong among those kept aside to judge it (the dev set), which it was not trained on.',
  },
  {
    term: 'loss',
    also: ['cross-entropy'],
    meaning:
      'How wrong the answers are, as a number that training can lower. Here it is the cross-entropy: −ln of the probability given to the right answer, on average.',
  },
  {
    term: 'nats',
    also: ['nat'],
    meaning:
      'The unit of a cross-entropy with natural logarithms. 0 is certain and right; to guess one of ten costs ln 10 = 2.3 nats.',
  },
  {
    term: 'cost J',
    also: ['J'],
    meaning: 'What training minimizes: the loss plus the penalty of L2, if there is one.',
  },
  {
    term: 'penalty',
    meaning: 'What L2 adds to J: λ times the sum of the squared weights. Large weights cost more.',
  },
  {
    term: 'L2',
    meaning:
      'Regularization that adds the squared weights, times λ, to J, so that training keeps weights small. Also called weight decay.',
  },
  {
    term: 'λ',
    meaning: 'Lambda, the strength of L2. 0 switches it off; too much keeps the network from learning at all.',
  },
  {
    term: 'max-norm',
    meaning:
      'A limit for the length of the vector of weights into each unit. What is longer is cut back after each step.',
  },
  {
    term: 'learning rate',
    meaning:
      'How far each step moves the weights against the slope of J. Too small is slow; too large jumps over the valley.',
  },
  {
    term: 'iteration',
    also: ['iterations', 'step', 'steps'],
    meaning: 'One update of the weights, from one batch of examples.',
  },
  {
    term: 'epoch',
    also: ['epochs'],
    meaning: 'One pass over all training examples.',
  },
  {
    term: 'batch',
    also: ['batches'],
    meaning: 'The examples that one step looks at together.',
  },
  {
    term: 'seed',
    also: ['seeds'],
    meaning:
      'The number from which all random numbers of a run follow. The same seed gives the same run; another one is another draw of luck.',
  },
  {
    term: 'interval',
    meaning:
      'Where the true value lies, with 95 % confidence, as far as so few examples or runs can tell. A difference whose interval holds 0 may be chance: it cannot be told.',
  },
  {
    term: 'gap',
    meaning:
      'Dev loss minus training loss. A large gap is a sign of overfitting; a network that learns nothing has none.',
  },
  {
    term: 'cross-validation',
    also: ['folds', 'fold'],
    meaning:
      'The data are cut into parts (folds). Each part in turn judges a network that was trained on the others, so every example judges once.',
  },
  {
    term: 'ReLU',
    meaning: 'An activation: negative sums become 0, others stay as they are.',
  },
  {
    term: 'spread',
    meaning:
      'How evenly the squares of a matrix’s weights are shared out: 100 % when all are equally large, near 0 when a few carry all.',
  },
];

const byWord = new Map(
  terms.flatMap(term => [term.term, ...(term.also ?? [])].map(word => [word.toLowerCase(), term])),
);
const escaped = [...byWord.keys()]
  .sort((a, b) => b.length - a.length)
  .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
const any = new RegExp(`(?<![\\p{L}\\d])(?:${escaped.join('|')})(?![\\p{L}\\d])`, 'giu');

export interface Part {
  readonly text: string;
  /** What it means, where it is explained. */
  readonly term?: Term;
}

/** A text with its first term set apart; one is enough for whoever goes from stop to stop by keyboard. */
export function parted(text: string): readonly Part[] {
  // single letters mean something only as they are written
  const found = [...text.matchAll(any)].find(([word]) => word.length > 1 || word === 'J' || word === 'λ');
  const term = found && byWord.get(found[0].toLowerCase());
  if (!found || !term) return [{ text }];
  const end = found.index + found[0].length;
  return [{ text: text.slice(0, found.index) }, { text: found[0], term }, { text: text.slice(end) }].filter(
    part => part.text,
  );
}
