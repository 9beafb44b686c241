/** The network with regularization, of the first seed, for the command line. */
import { configOf, type ForCommandLine, onPoints, otherWeights, pointFiles } from '../../stage/commandLine.ts';
import { wideDataOf } from '../../stage/points.ts';
import { batchOf, learningRate, type Settings, seedOfPair } from './params.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { keepProb, lambda, points, hidden, epochs } = settings;
  const config = (): string =>
    configOf({
      hidden: [hidden, hidden].map(units => ({ units, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      more: {
        ...onPoints(batchOf(settings)),
        optimizer: { name: 'adam', learningRate },
        ...(lambda > 0 && { plugins: [{ plugin: 'l2', strength: lambda / (2 * points) }] }),
        epochs,
        seed: seedOfPair(settings, 0),
      },
    });
  return {
    command: 'train',
    files: [{ name: 'keepprob.json', text: config }, ...pointFiles(() => wideDataOf(settings))],
    note: `It trains the network with regularization, once; without dropout and l2 in the file it is the other one. ${otherWeights}`,
  };
}
