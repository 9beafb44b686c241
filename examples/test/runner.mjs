/** Runs the modules that it is given, one after the other, each in an empty directory and from the cpu backend, and says of each how it ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import * as tf from '@tensorflow/tfjs';

const home = process.cwd();
/** What the module in progress has printed. */
let printed = '';
const print = console.log;
console.log = (...values) => {
  printed += `${format(...values)}\n`;
};
for (const file of process.argv.slice(2)) {
  const own = mkdtempSync(join(tmpdir(), 'keepprob-snippet-'));
  process.chdir(own);
  await tf.setBackend('cpu');
  printed = '';
  const failure = await import(pathToFileURL(file)).then(
    () => '',
    error => String(error?.stack ?? error),
  );
  process.chdir(home);
  rmSync(own, { recursive: true });
  print(`\noutcome of a snippet: ${JSON.stringify([file, { failure, printed }])}`);
}
process.exit();
