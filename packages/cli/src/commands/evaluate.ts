import { Command } from 'commander';
import type { EvaluateOptions } from '../evaluate/evaluate.ts';
import { list } from './list.ts';
import { backend } from './options.ts';
import { separator } from './separator.ts';

const help = `
Examples:
  npx keepprob evaluate runs/penguins/model.json --config penguins.json
  npx keepprob evaluate runs/penguins/model.json --data test.csv --json scores.json

Measures how good a model is on rows with labels. For classes: accuracy, log loss, Brier score, AUC (of two classes),
precision and recall, the confusion matrix and calibration. For numbers: RMSE, MAE, bias and R². Each number has a 95 %
confidence interval for its value on all such rows. Columns, words, missing values and scaling follow the
preprocessing.json next to the model. With --config, the rows that the config sets aside for validation are used.

Exit codes: 0 measured; 2 the command line, model or data is wrong.
`;

export const evaluateCommand: Command = new Command('evaluate')
  .summary('measure how good a model is on rows with labels')
  .description('Measures a saved model: metrics with intervals, confusion matrix, calibration.')
  .argument('<model>', 'a folder of a run, or its model.json with preprocessing.json next to it')
  .option('--config <file>', 'the config that it was trained from: its validation rows are used')
  .option('--data <files...>', 'rows with labels: a table (CSV), or a file of x and one of y (.npy or IDX)')
  .option('--label <names>', 'for tables: the column with the labels, if not that of training', list)
  .option('--separator <character>', 'for tables (default: as in training)', separator)
  .option('--json <file>', 'where to write the numbers')
  .addOption(backend())
  .addHelpText('after', help)
  .action(async (model: string, options: EvaluateOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { evaluate } = await import('../evaluate/evaluate.ts');
    await evaluate(model, options);
  });
