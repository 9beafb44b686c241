import { Command, InvalidArgumentError, Option } from 'commander';
import type { SearchCommand } from '../search/search.ts';
import { given } from './given.ts';
import { integer } from './integer.ts';

const units = { s: 1000, min: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `90s`, `10min`, `1.5h`. */
function time(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|min|h)$/.exec(text) ?? [];
  const found = Number(number) * (units[unit as keyof typeof units] ?? Number.NaN);
  if (!(found > 0)) throw new InvalidArgumentError('Expected a time such as 90s, 10min or 1.5h.');
  return found;
}

const help = `
Example, wine.json:
  {
    "model": [
      { "layer": "dense", "units": 32, "activation": "relu" },
      { "layer": "dropout", "keepProb": { "space": "keepProb", "low": 0.3, "high": 1 } },
      { "layer": "dense", "units": 3, "activation": "softmax" }
    ],
    "data": { "train": { "csv": "wine.csv" }, "label": "cultivar", "classes": 3, "scale": "standardize" },
    "loss": "categoricalCrossentropy", "metrics": ["accuracy"], "optimizer": "adam",
    "plugins": [{ "plugin": "l2", "strength": { "space": "float", "low": 1e-6, "high": 1e-2, "log": true, "off": 0 } }],
    "epochs": 40, "batchSize": 16, "seed": 7,
    "search": { "folds": { "kFold": { "k": 5, "repeats": 1 } }, "metric": "valLoss", "trials": 30 }
  }

  npx keepprob search wine.json
  npx keepprob search wine.json --resume --trials 60
  npx keepprob search wine.json --db postgres://user:password@host/database
  npx keepprob search --report runs/wine-search
  npx keepprob train runs/wine-search/best.json

A space stands in the place of a value: float, int, keepProb with "low" and "high"; choice with "of". Places with
the same "share" have one value. Every trial is trained on the same folds, the first one with all regularizers off;
the best are measured again on fresh folds, and the chosen one is compared with itself without regularizers.
What is fitted to rows (data.scale) is fitted to the training rows of each fold.

With --db the units wait in PostgreSQL or Redis for workers, on any machines: npx keepprob worker --db URL. The workers need
the same version of keepprob, and nothing else of this machine: data and config go by the database. Whoever may write to it
runs code on the workers. Needs the packages bullmq, and pg or ioredis.

Ctrl-C loses nothing that is measured, and says how to go on; the second one ends it at once.
The folder of --out gets best.json (a config to train), the model trained on all rows (model.json, weights.bin,
preprocessing.json), report.html, found.json (numbers) and journal.log, which Optuna reads.

Exit codes: 0 found, whatever it is; 1 it failed; 2 command line, config, data or folder are wrong (nothing was
written); 130 interrupted.
`;

export const searchCommand: Command = new Command('search')
  .summary('search hyperparameters by cross-validation: does regularization help, and how much of it')
  .description('Searches the spaces that stand in a config by cross-validation, and says what regularization is worth.')
  .argument('[config]', 'a .json file, or a module whose default export is what JSON would hold')
  .option('--workers <n>', 'processes of this machine (default: one for each core; none with --db)', integer(1))
  .option('--db <url>', 'train on the workers of postgres://user:password@host/database, or redis://host')
  .option('--units <n>', 'with --db: trainings that all workers together do at a time (default: 4)', integer(1))
  .option('--trials <n>', 'points that are tried (default: 30)', integer(1))
  .option('--max-time <time>', 'after which no further trial begins: 90s, 10min, 1.5h', time)
  .option('--resume', 'go on with the search in the folder of --out, if there is one')
  .option('--out <folder>', 'where the search goes (default: runs/<name of the config>-search)')
  .option('--seed <n>', 'of points, folds, initial weights, shuffling and masks', integer(0))
  .addOption(new Option('--backend <name>', 'what computes').choices(['wasm', 'cpu']).default('wasm'))
  .addOption(
    new Option('--progress <kind>', 'what is shown meanwhile').choices(['bar', 'lines', 'none']).default('bar'),
  )
  .option(
    '--report <folder>',
    'say again what the search in a folder has found, or has found so far, and write its report.html',
  )
  .addHelpText('after', help)
  .action(async (config: string | undefined, options: SearchCommand & { report?: string }, command: Command) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    if (options.report !== undefined) {
      if (config !== undefined) command.error('error: --report takes the folder alone');
      const { reportOf } = await import('../search/report.ts');
      process.exitCode = await reportOf(options.report);
      return;
    }
    if (config === undefined) command.error("error: missing required argument 'config'");
    if (options.units !== undefined && options.db === undefined)
      command.error('error: --units goes with --db; without it, --workers says how many train at a time');
    const { searchIn } = await import('../search/search.ts');
    process.exitCode = await searchIn(config, options, given(command));
  });
