import { Command } from 'commander';
import type { ImportOptions } from '../convert/import.ts';

const help = `
Examples:
  npx keepprob import model.keras --out runs/mine
  npx keepprob import old.h5 --out runs/mine --force
  npx keepprob import big.json --out runs/big --weights big_00000.weights.h5 big_00001.weights.h5

Reads a model of Keras (a .keras or .h5 file, or the JSON of model.to_json() with its weights) and writes
model.json and weights.bin, which every command here and tf.loadLayersModel can read.
If TensorFlow.js lacks a layer, the error names the layer and the nearest one that exists.

Exit codes: 0 written; 1 it failed; 2 the command line or file is wrong.
`;

export const importCommand: Command = new Command('import')
  .summary('read a model of Keras')
  .description('Reads a model of Keras, a .keras or .h5 file, and writes it as a layers model of TensorFlow.js.')
  .argument('<file>', 'a .keras or .h5 file, or an architecture in JSON')
  .requiredOption('--out <folder>', 'where model.json goes')
  .option('--weights <files...>', 'the weights of an architecture in JSON: a .weights.h5 file, or all of its shards')
  .option('--force', 'replace an existing model')
  .addHelpText('after', help)
  .action(async (file: string, options: ImportOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { importModel } = await import('../convert/import.ts');
    await importModel(file, options);
  });
