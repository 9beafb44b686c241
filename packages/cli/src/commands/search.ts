import { Command, InvalidArgumentError } from 'commander';
import type { SearchCommand } from '../search/search.ts';
import { given } from './given.ts';
import { integer } from './integer.ts';
import { backend, progress } from './options.ts';

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

A space stands in place of a value: float, int and keepProb with "low" and "high", choice with "of". Places with the
same "share" get the same value. Every trial is trained on the same folds, the first one with all regularizers off.
The best are measured again on fresh folds, and the chosen one is compared with itself without regularizers.
Scaling (data.scale) is measured on the training rows of each fold.

With --db, units wait in PostgreSQL or Redis for workers on any machine: npx keepprob worker --db URL. The workers need
only the same version of keepprob: data and config travel through the database. Anyone who may write to it can run code
on the workers. This needs the packages bullmq, and pg or ioredis.

Ctrl-C loses no measurement, and the program says how to continue; a second Ctrl-C ends it at once.
The folder --out will hold best.json (a config to train), the model trained on all rows (model.json, weights.bin,
preprocessing.json), report.html, found.json (numbers) and journal.log, which Optuna can read.

Exit codes: 0 it has a result; 1 it failed; 2 the command line, config, data or folder is wrong (nothing was
written); 130 interrupted.
`;

export const searchCommand: Command = new Command('search')
  .summary('search hyperparameters by cross-validation: does regularization help, and how much of it')
  .description('Searches the spaces in a config by cross-validation, and says what regularization is worth.')
  .argument('[config]', 'a .json file, or a module whose default export is such an object')
  .option('--workers <n>', 'processes on this machine (default: one for each core; none with --db)', integer(1))
  .option('--db <url>', 'train on the workers of postgres://user:password@host/database, or redis://host')
  .option('--units <n>', 'with --db: how many trainings all workers together run at a time (default: 4)', integer(1))
  .option('--trials <n>', 'number of points to try (default: 30)', integer(1))
  .option('--max-time <time>', 'no new trial begins after this time: 90s, 10min, 1.5h', time)
  .option('--resume', 'continue the search in the folder --out, if there is one')
  .option('--out <folder>', 'the folder of the search (default: runs/<name of the config>-search)')
  .option('--seed <n>', 'the seed of points, folds, initial weights, shuffling and masks', integer(0))
  .addOption(backend())
  .addOption(progress())
  .option(
    '--report <folder>',
    'print what the search in a folder has found, even while it is running, and write its report.html',
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
