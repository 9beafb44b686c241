/** The third network of this scene, for the command line. */
import {
  byDescent,
  configOf,
  type ForCommandLine,
  furtherSeeds,
  otherWeights,
  pointFiles,
} from '../../stage/commandLine.ts';
import { obstacleOf, planeData } from './data.ts';
import type { Settings } from './params.ts';
import { sizes } from './reports.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { keepProb, lambda } = settings;
  const obstacle = obstacleOf(settings);
  if (obstacle) return { why: obstacle };
  const points = planeData(settings).train.x.length;
  const config = (): string =>
    configOf({
      hidden: [sizes.hidden1, sizes.hidden2].map(units => ({ units, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      more: {
        ...byDescent({ ...settings, points }),
        ...(lambda > 0 && { plugins: [{ plugin: 'l2', strength: lambda / (2 * points) }] }),
      },
    });
  return {
    command: 'train',
    files: [{ name: 'keepprob.json', text: config }, ...pointFiles(() => planeData(settings))],
    note: `It trains one network with both dropout and L2; take out what you do not want. ${otherWeights}${furtherSeeds(settings)}`,
  };
}
