/** Runs the modules that it is given, one after the other, each in an empty directory, and says of each how it ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = process.cwd();
for (const file of process.argv.slice(2)) {
  const own = mkdtempSync(join(tmpdir(), 'keepprob-snippet-'));
  process.chdir(own);
  const failure = await import(pathToFileURL(file)).then(
    () => '',
    error => String(error?.stack ?? error),
  );
  process.chdir(home);
  rmSync(own, { recursive: true });
  console.log(`\noutcome of a snippet: ${JSON.stringify([file, failure])}`);
}
process.exit();
