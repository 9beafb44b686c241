import { Command, Option } from 'commander';
import type { InitOptions } from '../init/init.ts';
import { separator } from './separator.ts';

const help = `
Examples:
  npx keepprob init penguins.csv
  npx keepprob init houses.csv --label price --out houses.json
  npx keepprob train penguins.json

Looks at a table and writes a config for it: which column is predicted and from which others, what they hold, what
stands for missing values, a share of the rows to validate, and a small net with dropout. It says what it assumed;
the config is yours to change.

Exit codes: 0 written; 2 command line or table are wrong (nothing was written).
`;

export const initCommand: Command = new Command('init')
  .summary('look at a table and write a config for it')
  .description('Looks at a table (CSV) and writes a config to train a model on it.')
  .argument('<table>', 'a table with the names of its columns in the first row, gzipped or not')
  .option('--label <name>', 'the column to predict (default: one with a usual name, or the last)')
  .addOption(new Option('--task <kind>', 'what the label is (default: as it looks)').choices(['classes', 'numbers']))
  .option('--separator <character>', 'between columns (default: as the first row looks)', separator)
  .option('--out <file>', 'where the config goes (default: the name of the table, .json)')
  .option('--force', 'replace the config that is there')
  .addHelpText('after', help)
  .action(async (table: string, options: InitOptions) => {
    const { init } = await import('../init/init.ts');
    await init(table, options);
  });
