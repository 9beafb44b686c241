import { Command } from 'commander';
import type { PredictOptions } from '../predict/predict.ts';
import { integer } from './integer.ts';
import { list } from './list.ts';
import { backend } from './options.ts';
import { separator } from './separator.ts';

const help = `
Examples:
  npx keepprob predict runs/penguins/model.json new.csv --out predictions.csv
  npx keepprob predict runs/penguins/model.json new.csv --passes 50 --keep id

Reads a table and writes what the model says of each row, in the same order: the class with the probability of each
one, or the number. Columns, words, missing values and scaling are as preprocessing.json next to the model says;
other columns are not looked at. The table may be longer than memory holds.

--passes predicts as many times with dropout on (Monte-Carlo dropout) and writes the means; of classes with the entropy
and the mutual information, in nats; of numbers with sd, and the interval of 95 % of the passes.

Exit codes: 0 written; 1 it failed; 2 command line, model or table are wrong.
`;

export const predictCommand: Command = new Command('predict')
  .summary('predict for the rows of a table')
  .description('Predicts for the rows of a table (CSV), with uncertainty on demand.')
  .argument('<model>', 'a folder of a run, or its model.json with preprocessing.json next to it')
  .argument('<table>', 'rows to predict for, with the names of columns in the first one')
  .option('--out <file>', 'where predictions go, as CSV (default: the terminal)')
  .option('--force', 'replace the file that is there')
  .option('--passes <n>', 'predict with dropout on, as many times', integer(2))
  .option('--seed <n>', 'of the passes (default: random)', integer(0))
  .option('--keep <names>', 'columns to copy in front of the predictions', list)
  .option('--separator <character>', 'of the table (default: as in training)', separator)
  .addOption(backend())
  .addHelpText('after', help)
  .action(async (model: string, table: string, options: PredictOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { predict } = await import('../predict/predict.ts');
    await predict(model, table, options);
  });
