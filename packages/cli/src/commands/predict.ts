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

Reads a table and writes the prediction for each row, in the same order: the class with the probability of each
class, or the number. Columns, words, missing values and scaling follow the preprocessing.json next to the model;
other columns are ignored. The table may be larger than memory.

--passes n predicts n times with dropout on (Monte-Carlo dropout) and writes the means: for classes with the entropy
and the mutual information, in nats; for numbers with sd, and the interval that holds 95 % of the passes.

Exit codes: 0 written; 1 it failed; 2 the command line, model or table is wrong.
`;

export const predictCommand: Command = new Command('predict')
  .summary('predict for the rows of a table')
  .description('Predicts for the rows of a table (CSV), with uncertainty on demand.')
  .argument('<model>', 'a folder of a run, or its model.json with preprocessing.json next to it')
  .argument('<table>', 'rows to predict for, with the names of columns in the first row')
  .option('--out <file>', 'where predictions go, as CSV (default: the terminal)')
  .option('--force', 'replace an existing file')
  .option('--passes <n>', 'predict n times with dropout on', integer(2))
  .option('--seed <n>', 'the seed of the passes (default: random)', integer(0))
  .option('--keep <names>', 'columns to copy in front of the predictions', list)
  .option('--separator <character>', 'between columns (default: as in training)', separator)
  .addOption(backend())
  .addHelpText('after', help)
  .action(async (model: string, table: string, options: PredictOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { predict } = await import('../predict/predict.ts');
    await predict(model, table, options);
  });
