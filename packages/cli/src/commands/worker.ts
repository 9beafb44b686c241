import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { exitCodeOf, interruptible } from '../run/interrupt.ts';
import { integer } from './integer.ts';

const help = `
Examples:
  npx keepprob worker --db postgres://user:password@host/database
  npx keepprob worker --db redis://host --workers 4

Computes units for the searches that request them in a database, until Ctrl-C; running units then go back to the queue.
It runs the code that it finds there: anyone who may write to that database can run code on this machine.
This needs the packages bullmq, and pg for PostgreSQL or ioredis for Redis: npm install bullmq pg

Exit codes: 1 the database cannot be used, or a search has another version of keepprob; 2 the command line is wrong;
130 interrupted.
`;

interface WorkerCommand {
  readonly db: string;
  readonly workers: number;
  readonly cache?: string;
}

export const workerCommand: Command = new Command('worker')
  .summary('compute for searches on other machines')
  .description('Computes units for searches that request them in PostgreSQL or Redis.')
  .requiredOption('--db <url>', 'postgres://user:password@host/database, or redis://host')
  .option('--workers <n>', 'processes that train at a time', integer(1), availableParallelism())
  .option('--cache <folder>', 'a folder for data and code (default: in node_modules/.cache)')
  .addHelpText('after', help)
  .action(async ({ db, workers, cache }: WorkerCommand) => {
    // TensorFlow.js takes a while to load, and --help does not need it
    const { serveUnits } = await import('@keepprob/search/bullmq');
    const { modules } = await import('../search/modules.ts');
    const ready = (): void => console.log(`${workers} at a time; Ctrl-C ends it`);
    const { by } = await interruptible(
      signal => serveUnits({ db, workers, cache: cache ?? null, modules, signal, ready }),
      () => console.error('\nstopping; running units go back to the queue'),
    );
    process.exitCode = by === undefined ? 0 : exitCodeOf(by);
  });
