/** The program that trains as this scene does, and has J checked. */
import { backendLines, descentLines, dropoutLines, networkLines, pointsLines } from '../../stage/code.ts';
import { dataOf } from '../../stage/points.ts';
import { keepProbsOf, points, type Settings } from './params.ts';
import { sizes } from './reports.ts';

export function program(settings: Settings): string {
  const { data, learningRate, seed } = settings;
  const { train } = dataOf({ data, points, noise: 0, seed });
  return `${backendLines(['@keepprob/dropout', '@keepprob/lens'])}
import { keepProbs } from '@keepprob/dropout';
import { checkCost } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';

${pointsLines({ train })}

${networkLines(Object.values(sizes), 'sigmoid', seed)}
${dropoutLines('on', 'network()', keepProbsOf(settings))}

for (const [name, model] of Object.entries({ off: network(), on })) {
  ${descentLines({ ...settings, points })}
  const rises = history.cost.filter((cost, i) => cost > history.cost[i - 1]).length;
  console.log(\`\${name}: J \${history.cost.at(-1)}, \${rises} rises\`);
}

const { text } = await checkCost(on, train, {
  loss: 'binaryCrossentropy',
  optimizer: tf.train.sgd(${learningRate}),
  steps: 30,
  progress: false,
});
console.log(text);
`;
}
