/** Words that layers of TF.js take as options. Read in tfjs-layers 4.22, whose own errors do not list them. */
import { choose } from '../choose.ts';

const table = (words: string): Readonly<Record<string, true>> =>
  Object.fromEntries(words.split(' ').map(word => [word, true as const]));

export const activations: Readonly<Record<string, true>> = table(
  'elu gelu gelu_new hardSigmoid linear logSoftmax mish relu relu6 selu sigmoid softmax softplus softsign swish tanh',
);

/** By the end of the option's name. */
const words: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  activation: activations,
  initializer: table(
    'glorotNormal glorotUniform heNormal heUniform identity leCunNormal leCunUniform ones orthogonal randomNormal ' +
      'randomUniform truncatedNormal varianceScaling zeros',
  ),
  regularizer: table('l1l2'),
  constraint: table('maxNorm minMaxNorm nonNeg unitNorm'),
};

/** @throws OptionError for an activation, initializer, regularizer or constraint that there is not, with those that there are */
export function checkWords(where: string, options: object): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'string') continue;
    const kind = Object.keys(words).find(end => option.toLowerCase().endsWith(end));
    const known = kind === undefined ? undefined : words[kind];
    if (kind !== undefined && known) choose(where, kind, value, known);
  }
}
