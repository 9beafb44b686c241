/** The program that searches as this scene does. */
import { backendLines, networkLines, pointsLines } from '../../stage/code.ts';
import { wideDataOf } from '../../stage/points.ts';
import { batchSize, learningRate, low, type Settings, top, unitsOf } from './params.ts';

const spaces = {
  one: `{ hidden1: keepProb(${low}, 1, { share: 'keep' }), hidden2: keepProb(${low}, 1, { share: 'keep' }) }`,
  each: `{ hidden1: keepProb(${low}, 1), hidden2: keepProb(${low}, 1) }`,
} as const;

export function program(settings: Settings): string {
  const { trials, folds, fresh, epochs, seed, sampler } = settings;
  const { train } = wideDataOf(settings);
  const searched = settings.spaces === 'one' ? { one: spaces.one } : spaces;
  return `${backendLines(['@keepprob/dropout', '@keepprob/search', '@keepprob/lens'])}
import { keepProbs } from '@keepprob/dropout';
import { keepProb, kFold, none, search, ${sampler} } from '@keepprob/search';

${pointsLines({ data: train })}

${networkLines(unitsOf(settings), 'sigmoid', null)}
const trial = (keep, { seed }) => ({
  model: keepProbs(network(seed), keep),
  options: {
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
    optimizer: tf.train.adam(${learningRate}),
    epochs: ${epochs},
    batchSize: ${batchSize},
    validationFreq: ${epochs},
    trainEvaluation: false,
  },
});
const spaces = {
${Object.entries(searched)
  .map(([name, space]) => `  ${name}: ${space},`)
  .join('\n')}
};
for (const [name, space] of Object.entries(spaces)) {
  const { chosen, text } = await search(trial, data, {
    space,
    folds: kFold({ k: ${folds} }),
    metric: 'valAccuracy',
    trials: ${trials},
    seed: ${seed},
    sampler: ${sampler}(),
    pruner: none(),
    confirm: { top: ${top}, seeds: ${fresh} },
    refit: false,
    progress: false,
  });
  console.log(\`\${name}: keep.prob \${chosen.values.hidden1} and \${chosen.values.hidden2}, dev error \${1 - chosen.value}\`);
  console.log(text);
}
`;
}
