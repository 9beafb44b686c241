import { Command, Option } from 'commander';
import type { InitOptions } from '../init/init.ts';
import { separator } from './separator.ts';

const help = `
Examples:
  npx keepprob init penguins.csv
  npx keepprob init houses.csv --label price --out houses.json
  npx keepprob train penguins.json

Looks at a table and writes a config for it: the column to predict and the columns to predict from, their types, how
missing values are filled, the share of rows for validation, and a small network with dropout. It prints what it
assumed; edit the config as you like.

Exit codes: 0 written; 2 the command line or table is wrong (nothing was written).
`;

export const initCommand: Command = new Command('init')
  .summary('look at a table and write a config for it')
  .description('Looks at a table (CSV) and writes a config to train a model on it.')
  .argument('<table>', 'a table with the names of its columns in the first row, gzipped or not')
  .option('--label <name>', 'the column to predict (default: one with a usual name, or the last)')
  .addOption(
    new Option('--task <kind>', 'the type of the label (default: by its values)').choices(['classes', 'numbers']),
  )
  .option('--separator <character>', 'between columns (default: by the first row)', separator)
  .option('--out <file>', 'where the config goes (default: the name of the table, .json)')
  .option('--force', 'replace an existing config')
  .addHelpText('after', help)
  .action(async (table: string, options: InitOptions) => {
    const { init } = await import('../init/init.ts');
    await init(table, options);
  });
