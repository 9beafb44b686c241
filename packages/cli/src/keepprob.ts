import { run } from './program.ts';

// whoever reads may have seen enough: `keepprob train --help | head`
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

await run(process.argv.slice(2));
