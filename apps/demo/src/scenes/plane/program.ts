/** The program that trains as this scene does. */
import { backendLines, descentLines, devOptions, dropoutLines, networkLines, pointsLines } from '../../stage/code.ts';
import { planeData } from './data.ts';
import { thinnings } from './doubt.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

/** Monte-Carlo dropout, as the page's doubt, at the dev points. */
const doubtLines = (seed: number): string => `
const { variance } = await predictWithUncertainty(thinned, validation.x, { samples: ${thinnings}, seed: ${seed} });
const doubts = Array.from(variance.dataSync(), Math.sqrt);
console.log(\`doubt at dev points: \${doubts.reduce((sum, doubt) => sum + doubt, 0) / doubts.length} in the mean, \${Math.max(...doubts)} at most\`);
`;

export function program(settings: Settings): string {
  const { lambda, seed } = settings;
  const { train, dev } = planeData(settings);
  const points = train.x.length;
  const inDoubt = settings.doubt === 'on' && settings.keepProb < 1;
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2'])}
import { keepProbs${inDoubt ? ', predictWithUncertainty' : ''} } from '@keepprob/dropout';
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
  ${descentLines({ ...settings, points }, [...devOptions(settings.iterations), 'plugins'])}
  console.log(\`\${name}: J \${history.cost.at(-1)}, dev error \${1 - history.valAccuracy.at(-1)}\`);
}
${inDoubt ? doubtLines(seed) : ''}`;
}
