/** Options that several commands have. */
import { Option } from 'commander';

export const backend = (): Option =>
  new Option('--backend <name>', 'the backend that computes').choices(['wasm', 'cpu']).default('wasm');

export const progress = (): Option =>
  new Option('--progress <kind>', 'how progress is shown').choices(['bar', 'lines', 'none']).default('bar');
