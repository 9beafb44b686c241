/** The program that trains and judges as this scene does. */
import { backendLines, dropoutLines, networkLines, pointsLines } from '../../stage/code.ts';
import { wideDataOf } from '../../stage/points.ts';
import { confidenceOf } from './effect.ts';
import { batchOf, keepProbsOf, learningRate, looks, type Settings, seedOfPair, unitsOf } from './params.ts';

export function program(settings: Settings): string {
  const { lambda, points, epochs, pairs, stop } = settings;
  const { train, dev } = wideDataOf(settings);
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2', '@keepprob/lens'])}
import { keepProbs } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { differenceOf } from '@keepprob/lens/statistics';
import { evaluateRows, fit } from '@keepprob/trainer';

${pointsLines({ train, dev })}

${networkLines(unitsOf(settings), 'sigmoid', null)}
/** Trains, and says of each dev point whether the network is wrong. */
async function wrong(model, seed, plugins) {
  const loss = 'binaryCrossentropy';
  const optimizer = tf.train.adam(${learningRate});
  await fit(model, train, { loss, optimizer, plugins, seed, epochs: ${epochs}, batchSize: ${batchOf(settings)}, trainEvaluation: false, progress: false });
  const { accuracy } = await evaluateRows(model, dev, { loss, metrics: ['accuracy'] });
  return accuracy.map(right => 1 - right);
}

const off = [], on = [];
for (let pair = 0; pair < ${pairs}; pair++) {
  const seed = ${seedOfPair(settings, 0)} + pair;
  off.push(await wrong(network(seed), seed, []));
  ${dropoutLines('thinned', 'network(seed)', keepProbsOf(settings))}
  on.push(await wrong(thinned, seed, [${lambda > 0 ? `l2(${lambda} / (2 * ${points}))` : ''}]));
  if (pair === 0) continue; // how much seeds differ is known from two on
  const { value, interval } = differenceOf(off, on, ${confidenceOf(settings)});
  console.log(\`\${pair + 1} seeds: dev error with − without \${value}, between \${interval[0]} and \${interval[1]}\`);
${stop === 'yes' ? `  if ([${looks.join(', ')}].includes(pair + 1) && (interval[0] > 0 || interval[1] < 0)) break; // it can be told\n` : ''}}
`;
}
