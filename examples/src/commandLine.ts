/** What `npm run train` is told. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparisons } from './comparisons.ts';

const names = Object.keys(comparisons);

export const help = `npm run train -- [options]

Trains a net on MNIST in several ways, and compares them.

  --example E  which net, and which ways (dense):
${Object.entries(comparisons)
  .map(([name, { about }]) => `                 ${name.padEnd(6)}  ${about}`)
  .join('\n')}
  --train N    digits to train on (1000)
  --test N     validation digits (5000)
  --epochs N   passes over the training digits (${Object.entries(comparisons)
    .map(([name, { epochs }]) => `${name} ${epochs}`)
    .join(', ')})
  --seeds N    runs of each way (3)
  --out DIR    where the picture and the numbers go (runs/<example>)
  --help`;

export interface CommandLine {
  readonly help: boolean;
  readonly example: string;
  /** Digits to train on, validation digits, and passes over the former. */
  readonly size: { readonly train: number; readonly test: number; readonly epochs: number };
  /** Runs of each way. */
  readonly seeds: number;
  readonly out: string;
}

/** @throws RangeError for what is no count, and for an example that there is not */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      example: { type: 'string', default: 'dense' },
      train: { type: 'string', default: '1000' },
      test: { type: 'string', default: '5000' },
      epochs: { type: 'string' },
      seeds: { type: 'string', default: '3' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { help, example, out = join('runs', example) } = values;
  const comparison = comparisons[example];
  if (!comparison) throw new RangeError(`--example: expected one of ${names.join(', ')}. Received: ${example}.`);
  const count = (name: 'train' | 'test' | 'epochs' | 'seeds', fallback?: number): number => {
    const n = Number(values[name] ?? fallback);
    if (!Number.isSafeInteger(n) || n < 1)
      throw new RangeError(`--${name}: expected an integer ≥ 1. Received: ${values[name]}.`);
    return n;
  };
  const size = { train: count('train'), test: count('test'), epochs: count('epochs', comparison.epochs) };
  return { help, example, size, seeds: count('seeds'), out };
}
