/** The program that trains as this scene does. */
import { backendLines, descentLines, devOptions, dropoutLines, networkLines, pointsLines } from '../../stage/code.ts';
import { solidOf } from '../../stage/points.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { units } from './reports.ts';

export function program(settings: Settings): string {
  const { seed } = settings;
  const { train, dev } = solidOf(settings);
  return `${backendLines(['@keepprob/dropout', '@keepprob/lens'])}
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { suggestKeepProbs } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';

${pointsLines({ train, validation: dev })}

${networkLines(units, 'sigmoid', seed)}
console.log(suggestKeepProbs(network()).text);
${dropoutLines('thinned', 'network()', keepProbsOf(settings))}

for (const [name, model] of Object.entries({ whole: network(), thinned })) {
  ${descentLines(settings, devOptions(settings.iterations))}
  console.log(\`\${name}: J \${history.cost.at(-1)}, dev error \${1 - history.valAccuracy.at(-1)}\`);
}
`;
}
