/** The program that trains as this scene does. */
import { backendLines, descentLines, devOptions, dropoutLines, networkLines, pointsLines } from '../../stage/code.ts';
import { dataOf } from '../../stage/points.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

export function program(settings: Settings): string {
  const { lambda, points, seed } = settings;
  const { train, dev } = dataOf(settings);
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2'])}
import { keepProbs } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';

${pointsLines({ train, validation: dev })}

${networkLines(Object.values(sizes), 'sigmoid', seed)}
${dropoutLines('thinned', 'network()', keepProbsOf(settings))}

const networks = {
  none: [network(), []],
  l2: [network(), [l2(${lambda} / (2 * ${points}))]], // the course's λ/(2m)
  dropout: [thinned, []],
};
for (const [name, [model, plugins]] of Object.entries(networks)) {
  ${descentLines(settings, [...devOptions(settings.iterations), 'plugins'])}
  console.log(\`\${name}: J \${history.cost.at(-1)}, dev error \${1 - history.valAccuracy.at(-1)}\`);
}
`;
}
