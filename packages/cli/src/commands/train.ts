import { Command } from 'commander';
import type { TrainOptions } from '../run/train.ts';
import { given } from './given.ts';
import { integer } from './integer.ts';
import { backend, progress } from './options.ts';

const help = `
Example, mnist.json:
  {
    "model": [
      { "layer": "dense", "units": 256, "activation": "relu" },
      { "layer": "dropout", "keepProb": 0.5 },
      { "layer": "dense", "units": 10, "activation": "softmax" }
    ],
    "data": {
      "train": { "x": "train-images-idx3-ubyte.gz", "y": "train-labels-idx1-ubyte.gz" },
      "validation": 0.1, "classes": 10, "scale": { "divideBy": 255 }, "shape": [784]
    },
    "loss": "categoricalCrossentropy", "metrics": ["accuracy"],
    "optimizer": { "name": "adam", "learningRate": 1e-3 },
    "plugins": [{ "plugin": "l2", "strength": 1e-4 }, { "plugin": "earlyStopping", "patience": 3 }],
    "epochs": 20, "batchSize": 128, "seed": 7
  }

  npx keepprob train mnist.json
  npx keepprob train mnist.json --resume --epochs 40

Ctrl-C ends training after the current step and saves it for --resume; a second Ctrl-C ends it at once.
The folder --out will hold the model (model.json, weights.bin, preprocessing.json), checkpoints, log.csv,
log.jsonl, and events for TensorBoard.

Exit codes: 0 trained, 1 training failed, 2 the command line, config or data is wrong (nothing was written),
130 interrupted.
`;

export const trainCommand: Command = new Command('train')
  .summary('train a model from a config')
  .description('Trains a model from a config in JSON, TypeScript or JavaScript, with every @keepprob plugin.')
  .argument('<config>', 'a .json file, or a .ts or .js module with `export default defineConfig(…)`')
  .option('--resume', 'continue from the newest checkpoint in the folder --out, if there is one')
  .option('--force', 'with --resume: take what fits from the checkpoint of another run; without: replace the run there')
  .option('--out <folder>', 'the folder of the run (default: runs/<name of the config>)')
  .option('--seed <n>', 'the seed of initial weights, shuffling, dropout and every plugin', integer(0))
  .option('--epochs <n>', 'passes over the training data', integer(1))
  .option('--workers <n>', 'worker threads that share the rows of every batch', integer(1), 1)
  .option('--threads <n>', 'threads for the kernels; not with --workers', integer(1), 1)
  .addOption(backend())
  .addOption(progress())
  .option('--fast-dev-run', 'run one batch of everything and save nothing, to see whether it works')
  .addHelpText('after', help)
  .action(async (config: string, options: TrainOptions, command: Command) => {
    if (options.workers > 1 && options.threads > 1) command.error('error: --workers and --threads exclude each other');
    // TensorFlow.js takes a while to load, and --help does not need it
    const { train } = await import('../run/train.ts');
    process.exitCode = await train(config, options, given(command));
  });
