import { run } from './program.ts';

/** The first error on stdout or stderr, except that the reader has closed the pipe. */
let failed: NodeJS.ErrnoException | undefined;

// `keepprob train … | head`, or a closed terminal: the output is lost, but the work is completed
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failed ??= error;
  });

await run(process.argv.slice(2));

if (failed) {
  console.error(`keepprob: the output was lost: ${failed.message}`);
  process.exitCode ||= 1;
}
