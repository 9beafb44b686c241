import { createRequire } from 'node:module';
import type { SearchError } from '@keepprob/search';
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { predictCommand } from './commands/predict.ts';
import { searchCommand } from './commands/search.ts';
import { trainCommand } from './commands/train.ts';
import { workerCommand } from './commands/worker.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Errors whose message is sufficient: others are bugs of the program, and their stack is shown. */
const plain = [
  'OptionError',
  'DataError',
  'PluginError',
  'CheckpointError',
  'SearchError',
  'TrialError',
  'ConvertError',
];
/** Errors in the input, before anything has happened. */
const given = ['OptionError', 'DataError', 'ConvertError'];
/** Problems of an existing search that cannot be continued, and that was left unchanged. */
const ofAnother = ['exists', 'different', 'damaged', 'inUse'];

/** Runs a command line and sets the exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('keepprob')
    .description(
      'Train TensorFlow.js models from a terminal, with every @keepprob plugin; search their hyperparameters by cross-validation; see what regularization does to them.',
    )
    .version(version)
    .exitOverride()
    .addCommand(initCommand.exitOverride())
    .addCommand(trainCommand.exitOverride())
    .addCommand(evaluateCommand.exitOverride())
    .addCommand(predictCommand.exitOverride())
    .addCommand(searchCommand.exitOverride())
    .addCommand(workerCommand.exitOverride())
    .addCommand(doctorCommand.exitOverride())
    .addCommand(importCommand.exitOverride())
    .addCommand(exportCommand.exitOverride());
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { name, message, stack } = error as Error;
    console.error(printable(plain.includes(name) ? message : (stack ?? message)));
    process.exitCode = isGiven(error) ? 2 : 1;
  }
}

const isGiven = (error: unknown): boolean => {
  const { name, problem } = error as Partial<SearchError>;
  return given.includes(name ?? '') || (name === 'SearchError' && ofAnother.includes(problem ?? ''));
};

/** Escapes text for printing, so that words from a file in a message cannot affect the terminal. */
const printable = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]/gu, control => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
