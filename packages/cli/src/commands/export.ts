import { Command, Option } from 'commander';
import type { ExportOptions } from '../convert/export.ts';

const help = `
Examples:
  npx keepprob export runs/iris/model.json --to torch --out iris-torch
  npx keepprob export runs/iris/model.json --to keras --config iris.json --out iris-keras

Writes model.py, the architecture as a script, and model.safetensors, the weights, for training that outgrows this
machine. In Python, \`from model import load\` imports the function that loads the model. With --config, the penalties
and constraints of its plugins are exported, too; those of the layers always are.

Exit codes: 0 written; 1 it failed; 2 the command line or model is wrong, or a layer has no counterpart there.
`;

export const exportCommand: Command = new Command('export')
  .summary('write a model for PyTorch or Keras')
  .description('Writes a saved model as a script of PyTorch or Keras, with its weights as safetensors.')
  .argument('<model>', 'a folder of a run, or its model.json; or a .keras or .h5 file')
  .addOption(new Option('--to <library>', 'the library to write for').choices(['torch', 'keras']).makeOptionMandatory())
  .requiredOption('--out <folder>', 'where model.py and model.safetensors go')
  .option('--config <file>', 'the config that it was trained from: its plugins')
  .option('--force', 'replace existing files')
  .addHelpText('after', help)
  .action(async (model: string, options: ExportOptions) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { exportModel } = await import('../convert/export.ts');
    await exportModel(model, options);
  });
