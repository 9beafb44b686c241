/** The thinned network of this scene, for the command line. */
import { configOf, type ForCommandLine, onPoints, otherWeights, pointFiles } from '../../stage/commandLine.ts';
import { solidOf } from '../../stage/points.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { units } from './reports.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { learningRate, points, iterations, seed } = settings;
  const { input, hidden1, hidden2, hidden3, hidden4 } = keepProbsOf(settings);
  const config = (): string =>
    configOf({
      keepProbInput: input,
      hidden: [hidden1, hidden2, hidden3, hidden4].map((keepProb, i) => ({ units: units[i + 1] ?? 1, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      more: {
        ...onPoints(points),
        optimizer: { name: 'sgd', learningRate },
        epochs: iterations,
        shuffle: false,
        seed,
        checkpoint: { every: { steps: iterations } },
      },
    });
  return {
    command: 'train',
    files: [{ name: 'keepprob.json', text: config }, ...pointFiles(() => solidOf(settings))],
    note: `It trains the thinned network. ${otherWeights}`,
  };
}
