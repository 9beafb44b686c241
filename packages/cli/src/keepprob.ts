import { run } from './program.ts';

/** What went wrong on a stream of the terminal, but for a reader that has seen enough. */
let failed: NodeJS.ErrnoException | undefined;

// `keepprob train … | head`, or a terminal that was closed: what there is to say is lost, what there is to do is done
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failed ??= error;
  });

await run(process.argv.slice(2));

if (failed) {
  console.error(`keepprob: the output was lost: ${failed.message}`);
  process.exitCode ||= 1;
}
