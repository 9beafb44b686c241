/** Options shared by several commands. */
import { Option } from 'commander';

export const backend = (): Option =>
  new Option('--backend <name>', 'the TensorFlow.js backend').choices(['wasm', 'cpu']).default('wasm');

export const progress = (): Option =>
  new Option('--progress <kind>', 'how to show progress').choices(['bar', 'lines', 'none']).default('bar');
