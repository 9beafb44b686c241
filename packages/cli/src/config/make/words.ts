/** Words that layers of TF.js accept as options, taken from tfjs-layers 4.22, whose own errors do not list them. */
import { choose } from '../choose.ts';

const table = (words: string): Readonly<Record<string, true>> =>
  Object.fromEntries(words.split(' ').map(word => [word, true as const]));

const activations = table(
  'elu gelu gelu_new hardSigmoid linear logSoftmax mish relu relu6 selu sigmoid softmax softplus softsign swish tanh',
);

/** By the end of the option's name. */
export const words: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  activation: activations,
  initializer: table(
    'glorotNormal glorotUniform heNormal heUniform identity leCunNormal leCunUniform ones orthogonal randomNormal ' +
      'randomUniform truncatedNormal varianceScaling zeros',
  ),
  regularizer: table('l1l2'),
  constraint: table('maxNorm minMaxNorm nonNeg unitNorm'),
  padding: table('valid same causal'),
  dataformat: table('channelsFirst channelsLast'),
  interpolation: table('nearest bilinear'),
};

/** The kind of words that an option of this name takes; undefined if it takes none. */
export const kindOf = (option: string): string | undefined =>
  Object.keys(words).find(end => option.toLowerCase().endsWith(end));

/** @throws OptionError for an activation, initializer, regularizer or constraint that does not exist, with the known ones */
export function checkWords(where: string, options: object): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'string') continue;
    const kind = kindOf(option);
    const known = kind === undefined ? undefined : words[kind];
    if (kind !== undefined && known) choose(where, kind, value, known);
  }
}
