/** The program that trains as this scene does. */
import {
  backendLines,
  descentLines,
  devOptions,
  dropoutLines,
  indented,
  networkLines,
  pointsLines,
} from '../../stage/code.ts';
import { planeData } from './data.ts';
import { thinnings } from './doubt.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

/** Monte-Carlo dropout, as the page's doubt, at the dev points. */
const doubtLines = (seed: number | string): string => `
const { variance } = await predictWithUncertainty(thinned, validation.x, { samples: ${thinnings}, seed: ${seed} });
const doubts = Array.from(variance.dataSync(), Math.sqrt);
console.log(\`doubt at dev points: \${doubts.reduce((sum, doubt) => sum + doubt, 0) / doubts.length} in the mean, \${Math.max(...doubts)} at most\`);
`;

/** The three, each with its plugins; `made` is code that makes one. */
const networksLines = (settings: Settings, points: number, made: string): string => `
${dropoutLines('thinned', made, keepProbsOf(settings))}

const networks = {
  none: [${made}, []],
  l2: [${made}, [l2(${settings.lambda} / (2 * ${points}))]], // the course's λ/(2m)
  dropout: [thinned, []],
};`;

function oneSeed(settings: Settings, points: number): string {
  const { seed, iterations } = settings;
  return `${networkLines(Object.values(sizes), 'sigmoid', seed)}${networksLines(settings, points, 'network()')}
for (const [name, [model, plugins]] of Object.entries(networks)) {
  ${descentLines({ ...settings, points }, [...devOptions(iterations), 'plugins'])}
  console.log(\`\${name}: J \${history.cost.at(-1)}, dev error \${1 - history.valAccuracy.at(-1)}\`);
}
`;
}

const severalSeeds = (settings: Settings, points: number, doubt: string): string => `
${networkLines(Object.values(sizes), 'sigmoid', null)}

/** By seed and dev point: 1 where a network is wrong. */
const wrong = { none: [], l2: [], dropout: [] };
for (let seed = ${settings.seed}; seed < ${settings.seed + settings.seeds}; seed++) {
${indented(`${networksLines(settings, points, 'network(seed)')}
for (const [name, [model, plugins]] of Object.entries(networks)) {
  ${descentLines({ ...settings, points, seed: 'seed' }, ['plugins'])}
  const { accuracy } = await evaluateRows(model, validation, { loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  wrong[name].push(accuracy.map(right => 1 - right));
  console.log(\`\${name}\${seed}: J \${history.cost.at(-1)}\`);
}
${doubt}`)}
}
for (const name of ['l2', 'dropout']) {
  const { value, interval } = differenceOf(wrong[name], wrong.none, 0.95);
  console.log(\`\${name}: dev error lower by \${value}, between \${interval[0]} and \${interval[1]}\`);
}
`;

export function program(settings: Settings): string {
  const { seed, seeds } = settings;
  const { train, dev } = planeData(settings);
  const inDoubt = settings.doubt === 'on' && settings.keepProb < 1;
  const isOne = seeds === 1;
  const doubt = inDoubt ? doubtLines(isOne ? seed : 'seed') : '';
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2', ...(isOne ? [] : ['@keepprob/lens'])])}
import { keepProbs${inDoubt ? ', predictWithUncertainty' : ''} } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
${isOne ? '' : "import { differenceOf } from '@keepprob/lens/statistics';\n"}import { ${isOne ? '' : 'evaluateRows, '}fit } from '@keepprob/trainer';

${pointsLines({ train, validation: dev })}

${isOne ? `${oneSeed(settings, train.x.length)}${doubt}` : severalSeeds(settings, train.x.length, doubt)}`;
}
