/** The thinned network of this scene, for the command line. */
import { byDescent, configOf, type ForCommandLine, otherWeights, pointFiles } from '../../stage/commandLine.ts';
import { solidOf } from '../../stage/points.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { units } from './reports.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { input, hidden1, hidden2, hidden3, hidden4 } = keepProbsOf(settings);
  const config = (): string =>
    configOf({
      keepProbInput: input,
      hidden: [hidden1, hidden2, hidden3, hidden4].map((keepProb, i) => ({ units: units[i + 1] ?? 1, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      more: byDescent(settings),
    });
  return {
    command: 'train',
    files: [{ name: 'keepprob.json', text: config }, ...pointFiles(() => solidOf(settings))],
    note: `It trains the thinned network. ${otherWeights}`,
  };
}
