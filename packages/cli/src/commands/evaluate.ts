import { Command } from 'commander';
import type { EvaluateOptions } from '../evaluate/evaluate.ts';
import { list } from './list.ts';
import { backend } from './options.ts';
import { separator } from './separator.ts';

const help = `
Examples:
  npx keepprob evaluate runs/penguins/model.json --config penguins.json
  npx keepprob evaluate runs/penguins/model.json --data test.csv --json scores.json

Says how good a model is on rows with labels: of classes accuracy, log loss, Brier score, AUC of two, precision and
recall, the confusion matrix and calibration; of numbers RMSE, MAE, bias and R². Each with the interval that holds the
number of all such rows with 95 % confidence. Columns, words, missing values and scaling are as preprocessing.json
next to the model says. With --config it takes the rows that the config sets aside for validation.

Exit codes: 0 measured; 2 command line, model or data are wrong.
`;

export const evaluateCommand: Command = new Command('evaluate')
  .summary('say how good a model is on rows with labels')
  .description('Measures a saved model: metrics with intervals, confusion matrix, calibration.')
  .argument('<model>', 'a folder of a run, or its model.json with preprocessing.json next to it')
  .option('--config <file>', 'the config that it was trained from: its validation rows are taken')
  .option('--data <files...>', 'rows with labels: a table (CSV), or a file of x and one of y (.npy or IDX)')
  .option('--label <names>', 'of tables: the column with the labels, if another one than in training', list)
  .option('--separator <character>', 'of tables (default: as in training)', separator)
  .option('--json <file>', 'where to write the numbers')
  .addOption(backend())
  .addHelpText('after', help)
  .action(async (model: string, options: EvaluateOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { evaluate } = await import('../evaluate/evaluate.ts');
    await evaluate(model, options);
  });
