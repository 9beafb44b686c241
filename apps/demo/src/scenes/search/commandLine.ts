/** The first search of this scene, for the command line. */
import { configOf, csvOf, type ForCommandLine } from '../../stage/commandLine.ts';
import { wideDataOf } from '../../stage/points.ts';
import { batchSize, learningRate, low, type Settings, top } from './params.ts';

export function forCommandLine(settings: Settings): ForCommandLine {
  const { trials, folds, fresh, hidden, epochs, seed, sampler, spaces } = settings;
  const keepProb = { space: 'keepProb', low, high: 1, ...(spaces === 'one' && { share: 'keep' }) };
  const config = (): string =>
    configOf({
      hidden: [hidden, hidden].map(units => ({ units, keepProb })),
      output: { units: 1, activation: 'sigmoid' },
      more: {
        data: { train: { csv: 'train.csv' }, label: 'class' },
        loss: 'binaryCrossentropy',
        metrics: ['accuracy'],
        optimizer: { name: 'adam', learningRate },
        epochs,
        batchSize,
        validationFreq: epochs,
        trainEvaluation: false,
        seed,
        search: {
          folds: { kFold: { k: folds } },
          metric: 'valAccuracy',
          trials,
          sampler,
          pruner: 'none',
          confirm: { top, seeds: fresh },
        },
      },
    });
  return {
    command: 'search',
    files: [
      { name: 'keepprob.json', text: config },
      { name: 'train.csv', text: () => csvOf(wideDataOf(settings).train) },
    ],
    note: `It searches ${spaces === 'one' ? 'one keep.prob for both layers' : 'one keep.prob for each layer'}, on the same points. Folds and weights are drawn by it, so that it may choose another.`,
  };
}
