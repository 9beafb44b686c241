/** The second network of this scene, for the command line. */
import { byDescent, configOf, csvOf, type ForCommandLine, otherWeights } from '../../stage/commandLine.ts';
import { dataOf } from '../../stage/points.ts';
import { keepProbOf, points, type Settings } from './params.ts';
import { sizes } from './reports.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { data, seed } = settings;
  const keepProb = keepProbOf(settings);
  const config = (): string =>
    configOf({
      hidden: [sizes.hidden1, sizes.hidden2].map(units => ({ units, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      // J is of all points: there is no dev set
      more: { ...byDescent({ ...settings, points }), data: { train: { csv: 'train.csv' }, label: 'class' } },
    });
  const train = (): string => csvOf(dataOf({ data, points, noise: 0, seed }).train);
  return {
    command: 'train',
    files: [
      { name: 'keepprob.json', text: config },
      { name: 'train.csv', text: train },
    ],
    note: `It trains the second network; runs/keepprob/log.jsonl then has J of every iteration. ${otherWeights}`,
  };
}
