import { Command, InvalidArgumentError, Option } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.ts';
import { integer } from './integer.ts';
import { list } from './list.ts';
import { backend } from './options.ts';
import { separator } from './separator.ts';

const shape = (text: string): number[] => list(text).map(integer(1));

function divisor(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value === 0)
    throw new InvalidArgumentError('Expected a number other than 0.');
  return value;
}

const help = `
Examples:
  npx keepprob doctor runs/mnist/model.json --config mnist.json
  npx keepprob doctor runs/iris/model.json --data train.csv --validation validation.csv
  npx keepprob doctor model.json --data train.csv --validation validation.csv --label species --classes setosa,versicolor,virginica
  npx keepprob doctor model.json --data x.npy y.npy --validation x-validation.npy y-validation.npy --loss meanSquaredError --measure 5

The report says whether the model underfits or overfits, whether J falls, how strong dropout is as an L2 penalty, how
the weights are spread, which keepProb to try, and which network a step trains; with --measure, also whether dropout
helps. If a question cannot be answered, it says why. The report is a single HTML file.

For a model saved by \`keepprob train\`, the preprocessing.json and log.csv next to it are used, so columns, label,
classes and scaling need not be given again.

Exit codes: 0 the report was written, whatever it says; 1 it failed; 2 the command line, model or data is wrong;
130 interrupted.
`;

export const doctorCommand: Command = new Command('doctor')
  .summary('examine a saved model: what regularization does to it, and what to do')
  .description('Examines a saved model and writes a report: what regularization does to it, and whether to use it.')
  .argument('<model>', 'model.json, with its weights next to it')
  .option('--config <file>', 'the config that it was trained from: data, loss, plugins, seed')
  .option('--data <files...>', 'training rows: a table (CSV), or a file of x and one of y (.npy or IDX)')
  .option('--validation <files...>', 'rows that were not trained on, in the same form')
  .option('--label <names>', 'for tables: the column to predict, or several, separated by commas', list)
  .option('--columns <names>', 'for tables: the columns to predict from; all others by default', list)
  .option('--separator <character>', 'for tables (default: as in training)', separator)
  .option('--classes <n or names>', 'labels become one-hot: the number of classes, or their names in a table', list)
  .option('--divide-by <n>', 'divide x by this, 255 for images, instead of the scaling of preprocessing.json', divisor)
  .option('--shape <sizes>', 'the shape of a row of x: 28,28,1', shape)
  .option('--loss <name>', 'the loss; by default that of the config, or the one that belongs to the last activation')
  .option('--log <file>', 'log.csv of the run, for its curves; by default the one next to the model')
  .option(
    '--measure [pairs]',
    'train this many pairs of runs (5) with and without dropout, to see whether it helps',
    integer(2),
  )
  .option('--sections <names>', 'only these, separated by commas: model, diagnosis, effect, cost, …', list)
  .option('--seed <n>', 'the seed of the run, for its masks; by default that of the config', integer(0))
  .option('--step <n>', 'the update whose network is shown', integer(0))
  .option('--out <file>', 'the file of the report', 'report.html')
  .option('--json <file>', 'a file for the numbers')
  .addOption(backend())
  .addOption(new Option('--progress <kind>', 'how to show progress').choices(['lines', 'none']).default('lines'))
  .addHelpText('after', help)
  .action(async (model: string, options: DoctorOptions, command: Command) => {
    if (options.config !== undefined && (options.data || options.validation))
      command.error('error: --config names the data; leave out --data and --validation');
    // TensorFlow.js takes a while to load, and --help does not need it
    const { doctor } = await import('../doctor/doctor.ts');
    process.exitCode = await doctor(model, options);
  });
